# Writes test/golden/delong.json: DeLong's variance, interval and paired test, and partial areas from pROC.
#
# Run: Rscript scripts/golden/delong.R

suppressPackageStartupMessages(library(pROC))

number <- function(x) ifelse(is.finite(x), sprintf("%.17g", x), "null")
short <- function(x) sprintf("%.15g", x) # of rounded values
list_of <- function(x) paste0("[", paste(x, collapse = ", "), "]")
object <- function(...) {
  fields <- list(...)
  paste0("{", paste(sprintf('"%s": %s', names(fields), unlist(fields)), collapse = ", "), "}")
}

area <- function(curve, from, focus, correct) {
  suppressWarnings(as.numeric(auc(
    curve,
    partial.auc = c(1, from), partial.auc.focus = focus,
    partial.auc.correct = correct, allow.invalid.partial.auc.correct = TRUE
  )))
}

partial <- function(curve) {
  rows <- vapply(c(0.05, 0.1, 0.25, 1 / 3, 0.8), function(rate) {
    object(
      rate = number(rate),
      maximumFalsePositiveRate = number(area(curve, 1 - rate, "specificity", FALSE)),
      maxFprStandardised = number(area(curve, 1 - rate, "specificity", TRUE)),
      minimumRecall = number(area(curve, 1 - rate, "sensitivity", FALSE)),
      minTprStandardised = number(area(curve, 1 - rate, "sensitivity", TRUE))
    )
  }, "")
  paste0("[", paste(rows, collapse = ", "), "]")
}

# The interval of the library is symmetric in the log-odds; pROC's own, symmetric in the area, stands beside it.
one <- function(curve) {
  a <- as.numeric(auc(curve))
  v <- var(curve, method = "delong")
  plain <- as.numeric(ci.auc(curve, method = "delong"))[c(1, 3)]
  logit <- plogis(qlogis(a) + c(-1, 1) * qnorm(0.975) * sqrt(v) / (a * (1 - a)))
  object(
    auc = number(a), variance = number(v),
    plainInterval = list_of(number(plain)), logitInterval = list_of(number(logit)),
    partial = partial(curve)
  )
}

case <- function(name, labels, first, second) {
  curves <- lapply(list(first, second), function(scores) {
    roc(labels, scores, levels = c(0, 1), direction = "<", quiet = TRUE)
  })
  test <- roc.test(curves[[1]], curves[[2]], paired = TRUE, method = "delong")
  object(
    name = sprintf('"%s"', name), labels = list_of(labels),
    first = list_of(short(first)), second = list_of(short(second)),
    ofFirst = one(curves[[1]]), ofSecond = one(curves[[2]]),
    test = object(z = number(unname(test$statistic)), pValue = number(test$p.value))
  )
}

set.seed(31)
made <- function(name, size, share, digits, shift = 1, second_shift = 0.6) {
  labels <- as.integer(seq_len(size) %% round(1 / share) == 0)
  common <- rnorm(size)
  first <- round(common + rnorm(size) + shift * labels, digits) + 0
  second <- round(common + rnorm(size) + second_shift * labels, digits) + 0
  case(name, labels, first, second)
}

cases <- c(
  case("two of each", c(0, 0, 1, 1), c(1, 3, 2, 4), c(2, 1, 3, 1)),
  made("20 without ties", 20, 1 / 2, 6),
  made("60 with ties", 60, 1 / 3, 0),
  made("100 without ties", 100, 1 / 4, 6),
  made("worse than random", 80, 1 / 4, 1, -1, -0.5),
  made("rare positives", 300, 1 / 20, 2, 2, 1),
  made("near perfect", 120, 1 / 4, 2, 5, 4),
  made("close areas", 200, 1 / 2, 1, 1, 1),
  made("far apart", 400, 1 / 2, 3, 3, 0),
  made("2000 with ties", 2000, 1 / 10, 1, 1.5, 1.2)
)
versions <- object(
  R = sprintf('"%s.%s"', R.version$major, R.version$minor), pROC = sprintf('"%s"', packageVersion("pROC"))
)
script <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
path <- file.path(dirname(script), "..", "..", "test", "golden", "delong.json")
writeLines(paste0(
  '{"madeBy": "scripts/golden/delong.R", "versions": ', versions, ', "cases": [\n',
  paste(cases, collapse = ",\n"), "\n]}"
), path)
cat(length(cases), "cases in", normalizePath(path), "\n")
