# Writes test/golden/classes.json: class weights of npcs and thresholds of HNPclassifier on given probabilities.
#
# Run: R_LIBS=<folder of the packages> Rscript scripts/golden/classes.R
# Packages: npcs (with dfoptim and nnet) and HNPclassifier of CRAN.
#
# The objectives of NPMC-CX and NPMC-ER are those of npcs, the search is dfoptim's as there, and the
# weights of the objective are the class shares: the least errors overall under the limits.
#
# hnp_delta_search of HNPclassifier 0.2.0 returns the rank above the largest one that its comment
# asks for: 2 for n = 59 at alpha = delta = .05, where P(Bin(59, .05) <= 1) = .199. Both are written:
# `rank` as it is, and `thresholds` with the rank that keeps the promise.

suppressPackageStartupMessages({ library(npcs); library(HNPclassifier) })

number <- function(x) ifelse(is.finite(x), sprintf("%.17g", x), "null")
short <- function(x) sprintf("%.6g", x)
list_of <- function(x) paste0("[", paste(x, collapse = ", "), "]")
object <- function(...) {
  fields <- list(...)
  paste0("{", paste(sprintf('"%s": %s', names(fields), unlist(fields)), collapse = ", "), "}")
}

set.seed(31, kind = "L'Ecuyer-CMRG")
train <- generate_data(n = 600, model.no = 1)
fit <- nnet::multinom(y ~ ., data = data.frame(train$x, y = factor(train$y)), trace = FALSE)
scored <- function(n) {
  set <- generate_data(n = n, model.no = 1)
  posterior <- predict(fit, newdata = data.frame(set$x), type = "probs")
  list(labels = set$y, posterior = matrix(as.numeric(short(posterior)), ncol = 3))
}

tuning <- scored(500)
shares <- as.numeric(table(tuning$labels)) / length(tuning$labels)

npmc <- function(alpha) {
  index <- which(!is.na(alpha))
  solve <- function(objective, ...) {
    set.seed(1)
    search <- if (length(index) == 1) npcs:::hjkb1 else dfoptim::hjkb # as npcs does
    found <- search(
      par = rep(0, length(index)), fn = objective, lower = rep(0, length(index)),
      upper = rep(200, length(index)), control = c(maximize = TRUE, tol = 1e-6),
      alpha = alpha, pik = shares, posterior = tuning$posterior, w = shares, index = index, ...
    )
    lambda <- rep(0, 3)
    lambda[index] <- found$par
    weights <- (lambda + shares) / shares
    decided <- apply(t(t(tuning$posterior) * weights), 1, which.max)
    errors <- error_rate(decided, tuning$labels)
    object(
      value = number(found$value), weights = list_of(number(weights)),
      errors = list_of(number(errors))
    )
  }
  object(
    alpha = list_of(ifelse(is.na(alpha), "null", short(alpha))),
    cx = solve(npcs:::obj.CX), er = solve(npcs:::obj.ER, y = tuning$labels)
  )
}
problems <- list(
  c(0.1, NA, NA), c(NA, NA, 0.05), c(0.15, NA, 0.05), c(0.1, NA, 0.02), c(0.2, 0.25, NA),
  c(0.02, 0.02, 0.02), c(0.05, 0.1, 0.05)
)

score_functions <- list(
  function(s) s[, 1] / (s[, 2] + s[, 3]),
  function(s) s[, 2] / s[, 3]
)
rank_of <- HNPclassifier:::hnp_delta_search
thresholds_of <- function(scores, labels, alpha, delta) {
  t <- c()
  for (i in seq_along(alpha)) {
    own <- as.data.frame(scores[labels == i, , drop = FALSE])
    bound <- HNPclassifier:::hnp_upper_bound(own, alpha[i], delta, score_functions, t, i)
    t <- c(t, bound)
  }
  t
}
# An own form of the joint order statistic: counts, not ranks of the binomial.
joint_of <- function(scores, labels, alpha, delta) {
  t <- c()
  for (i in seq_along(alpha)) {
    own <- scores[labels == i, , drop = FALSE]
    taken <- rep(FALSE, nrow(own))
    for (j in seq_along(t)) taken <- taken | score_functions[[j]](own) >= t[j]
    allowed <- qbinom(delta, nrow(own), alpha[i])
    while (pbinom(allowed, nrow(own), alpha[i]) > delta) allowed <- allowed - 1
    left <- sort(score_functions[[i]](own)[!taken])
    t <- c(t, if (length(left) > allowed) left[allowed + 1] else .Machine$double.xmax)
  }
  t
}
assignInNamespace("hnp_delta_search", function(n, level, delta) {
  max(rank_of(n, level, delta) - 1, 0)
}, ns = "HNPclassifier")

ordered <- function(n, alpha, delta) {
  set <- scored(n)
  object(
    labels = list_of(set$labels), probabilities = list_of(short(t(set$posterior))),
    alpha = list_of(short(alpha)), delta = short(delta),
    thresholds = list_of(number(thresholds_of(set$posterior, set$labels, alpha, delta))),
    joint = list_of(number(joint_of(set$posterior, set$labels, alpha, delta)))
  )
}
sets <- c(
  ordered(300, c(0.05, 0.1), 0.05), ordered(600, c(0.1, 0.1), 0.05),
  ordered(500, c(0.05, 0.05), 0.1), ordered(400, c(0.05), 0.05)
)
ranks <- vapply(c(59, 100, 500), function(n) {
  object(samples = n, alpha = 0.05, delta = 0.05, rank = rank_of(n, 0.05, 0.05))
}, "")

lines <- c(
  "{",
  '  "madeBy": "scripts/golden/classes.R",',
  sprintf('  "versions": {"R": "%s", "npcs": "%s", "HNPclassifier": "%s", "dfoptim": "%s"},',
    getRversion(), packageVersion("npcs"), packageVersion("HNPclassifier"),
    packageVersion("dfoptim")),
  sprintf('  "labels": %s,', list_of(tuning$labels)),
  sprintf('  "probabilities": %s,', list_of(short(t(tuning$posterior)))),
  sprintf('  "npmc": [\n    %s\n  ],', paste(vapply(problems, npmc, ""), collapse = ",\n    ")),
  sprintf('  "ordered": [\n    %s\n  ],', paste(sets, collapse = ",\n    ")),
  sprintf('  "ranks": [%s]', paste(ranks, collapse = ", ")),
  "}"
)
writeLines(lines, "test/golden/classes.json")
