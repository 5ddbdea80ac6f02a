# Writes test/golden/auc-interval.json: Newcombe's interval of an area under the ROC curve (method 5) from auRoc, and
# DeLong's variance from pROC with the interval that it gives where it is moved to theta, its ends found by uniroot.
#
# Run: Rscript scripts/golden/auc-interval.R <folder of the sources of auRoc>

suppressPackageStartupMessages(library(pROC))
source(file.path(commandArgs(trailingOnly = TRUE)[1], "R", "auc.nonpara.mw.R"))
version <- read.dcf(file.path(commandArgs(trailingOnly = TRUE)[1], "DESCRIPTION"))[1, "Version"]

number <- function(x) ifelse(is.finite(x), sprintf("%.17g", x), "null")
list_of <- function(x) paste0("[", paste(x, collapse = ", "), "]")
object <- function(...) {
  fields <- list(...)
  paste0("{", paste(sprintf('"%s": %s', names(fields), unlist(fields)), collapse = ", "), "}")
}

# The ends of {theta : |area - theta| <= z sd(theta)}.
ends <- function(area, z, variance) {
  excess <- function(theta) (area - theta)^2 - z^2 * variance(theta)
  root <- function(from, to) uniroot(excess, c(from, to), tol = 1e-15)$root
  c(root(1e-12, area), root(area, 1 - 1e-12))
}

case <- function(name, labels, scores) {
  curve <- roc(labels, scores, levels = c(0, 1), direction = "<", quiet = TRUE)
  area <- as.numeric(auc(curve))
  variance <- var(curve, method = "delong")
  positives <- scores[labels == 1]
  negatives <- scores[labels == 0]
  z <- qnorm(0.975)
  pairs <- min(length(positives), length(negatives))
  widened <- z * (1 + (z^2 + 1) / (4 * (pairs - 1)))
  moved <- function(theta) variance * theta * (1 - theta) / (area * (1 - area))
  object(
    name = sprintf('"%s"', name), labels = list_of(labels), scores = list_of(sprintf("%.15g", scores)),
    auc = number(area), newcombe = list_of(number(auc.mw.newcombe(positives, negatives, 0.05)[2:3])),
    moved = list_of(number(ends(area, widened, moved)))
  )
}

set.seed(17)
made <- function(name, positives, negatives, shift, spread = 1, digits = 6) {
  labels <- rep(c(1, 0), c(positives, negatives))
  scores <- round(c(shift + spread * rnorm(positives), rnorm(negatives)), digits) + 0
  case(name, labels, scores)
}

cases <- c(
  made("10 and 10", 10, 10, 1),
  made("10 and 100", 10, 100, 1.5),
  made("20 with ties", 20, 60, 1, 1, 0),
  made("30 at a high area", 30, 300, 2.6),
  made("30 twice as wide", 30, 300, 4, 2),
  made("more positives than negatives", 200, 15, 1.2),
  made("worse than random", 25, 75, -0.8),
  made("100 and 400", 100, 400, 2)
)
versions <- object(
  R = sprintf('"%s.%s"', R.version$major, R.version$minor), pROC = sprintf('"%s"', packageVersion("pROC")),
  auRoc = sprintf('"%s"', version)
)
script <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
path <- file.path(dirname(script), "..", "..", "test", "golden", "auc-interval.json")
writeLines(paste0(
  '{"madeBy": "scripts/golden/auc-interval.R", "versions": ', versions, ', "cases": [\n',
  paste(cases, collapse = ",\n"), "\n]}"
), path)
cat(length(cases), "cases in", normalizePath(path), "\n")
