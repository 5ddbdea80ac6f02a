# Writes test/golden/signed-rank.json: median differences of pairs and their exact intervals by R's wilcox.test.
#
# Run: Rscript scripts/golden/signed-rank.R

set.seed(19)

number <- function(x) sprintf("%.17g", x)
list_of <- function(x) paste0("[", paste(number(x), collapse = ", "), "]")

case <- function(name, first, second, confidence) {
  test <- wilcox.test(first, second, paired = TRUE, exact = TRUE, conf.int = TRUE, conf.level = confidence)
  sprintf(
    '{"name": "%s", "confidence": %s, "first": %s, "second": %s, "medianDifference": %s, "interval": %s, "pValue": %s}',
    name, number(confidence), list_of(first), list_of(second), number(test$estimate), list_of(test$conf.int),
    number(test$p.value)
  )
}

cases <- c()
for (pairs in c(6, 7, 8, 10, 11, 20, 49)) {
  for (confidence in c(0.9, 0.95, 0.99)) {
    if (2 / 2^pairs > 1 - confidence) next
    first <- rnorm(pairs, 0.9, 0.02)
    second <- first - rnorm(pairs, 0.01, 0.02)
    cases <- c(cases, case(sprintf("%d pairs, %g", pairs, confidence), first, second, confidence))
  }
}
header <- sprintf('{"madeBy": "scripts/golden/signed-rank.R", "versions": {"R": "%s"},\n"cases": [\n', getRversion())
writeLines(paste0(header, paste(cases, collapse = ",\n"), "\n]}"), "test/golden/signed-rank.json")
cat(length(cases), "cases\n")
