# Expected agreement coefficients for ratings.csv, written to expected_r.csv.
#
#   apt-get install r-base-core r-cran-psych
#   Rscript tests/oracles/coding/expected.R
#
# Cohen's kappa comes from psych::cohen.kappa. The other coefficients are written out here with
# loops over units and pairs, straight from the definitions, and share nothing with the package:
# Fleiss (1971) with Gwet's (2014) handling of missing ratings, Gwet (2008), Brennan & Prediger
# (1981), Spitzer & Fleiss (1974), Krippendorff (2011, from all pairs of ratings rather than from a
# table of coincidences), Passonneau (2006).

suppressMessages(library(psych))
arguments <- commandArgs(trailingOnly = FALSE)
here <- dirname(sub("--file=", "", grep("--file=", arguments, value = TRUE)))
long <- read.csv(file.path(here, "ratings.csv"), colClasses = "character")

units_of <- function(name) {
  rows <- long[long$dataset == name, ]
  split(rows$rating, factor(rows$unit, levels = unique(rows$unit)))
}

pair_share <- function(ratings) {
  total <- 0
  for (i in seq_along(ratings)) for (j in seq_along(ratings)) {
    if (i != j && ratings[i] == ratings[j]) total <- total + 1
  }
  total / (length(ratings) * (length(ratings) - 1))
}

percent_agreement <- function(units) {
  mean(sapply(Filter(function(u) length(u) >= 2, units), pair_share))
}

category_shares <- function(units) {
  categories <- sort(unique(unlist(units)))
  sapply(categories, function(k) mean(sapply(units, function(u) mean(u == k))))
}

beyond <- function(observed, chance) (observed - chance) / (1 - chance)

fleiss_kappa <- function(units) {
  beyond(percent_agreement(units), sum(category_shares(units)^2))
}

gwet_ac1 <- function(units) {
  p <- category_shares(units)
  beyond(percent_agreement(units), sum(p * (1 - p)) / (length(p) - 1))
}

brennan_prediger <- function(units) {
  beyond(percent_agreement(units), 1 / length(unique(unlist(units))))
}

specific <- function(units, category) {
  agree <- 0
  all <- 0
  for (u in units) for (i in seq_along(u)) for (j in seq_along(u)) {
    if (i != j && u[i] == category) {
      all <- all + 1
      if (u[j] == category) agree <- agree + 1
    }
  }
  agree / all
}

alpha <- function(units, distance) {
  paired <- Filter(function(u) length(u) >= 2, units)
  observed <- 0
  for (u in paired) for (i in seq_along(u)) for (j in seq_along(u)) {
    if (i != j) observed <- observed + distance(u[i], u[j]) / (length(u) - 1)
  }
  everything <- unlist(paired)
  n <- length(everything)
  expected <- 0
  for (i in seq_len(n)) for (j in seq_len(n)) {
    if (i != j) expected <- expected + distance(everything[i], everything[j])
  }
  1 - (observed / n) / (expected / (n * (n - 1)))
}

nominal <- function(a, b) as.numeric(a != b)

ordinal_for <- function(units) {
  everything <- as.numeric(unlist(Filter(function(u) length(u) >= 2, units)))
  function(a, b) {
    low <- min(as.numeric(a), as.numeric(b))
    high <- max(as.numeric(a), as.numeric(b))
    between <- sum(everything >= low & everything <= high)
    ends <- (sum(everything == low) + sum(everything == high)) / 2
    (between - ends)^2
  }
}

members <- function(text) if (text == "-") character(0) else strsplit(text, "|", fixed = TRUE)[[1]]

jaccard <- function(a, b) {
  x <- members(a)
  y <- members(b)
  if (length(union(x, y)) == 0) 0 else 1 - length(intersect(x, y)) / length(union(x, y))
}

masi <- function(a, b) {
  x <- members(a)
  y <- members(b)
  credit <- if (setequal(x, y)) 1 else if (all(x %in% y) || all(y %in% x)) 2 / 3 else 1 / 3
  1 - (1 - jaccard(a, b)) * credit
}

wide <- function(name) {
  rows <- long[long$dataset == name, ]
  table <- reshape(rows[, c("unit", "rater", "rating")],
    idvar = "unit", timevar = "rater", direction = "wide"
  )
  na.omit(table[, -1])
}

results <- data.frame()
add <- function(name, coefficient, value) {
  results <<- rbind(results, data.frame(
    dataset = name, coefficient = coefficient,
    value = sprintf("%.17g", value)
  ))
}

for (name in c("two_raters", "two_missing", "rare_code", "four_raters", "four_missing")) {
  units <- units_of(name)
  add(name, "percent_agreement", percent_agreement(units))
  add(name, "fleiss_kappa", fleiss_kappa(units))
  add(name, "gwet_ac1", gwet_ac1(units))
  add(name, "brennan_prediger", brennan_prediger(units))
  add(name, "krippendorff_alpha", alpha(units, nominal))
}
for (name in c("two_raters", "two_missing", "rare_code")) {
  add(name, "cohen_kappa", suppressWarnings(cohen.kappa(wide(name)))$kappa)
}
add("four_missing", "krippendorff_alpha_ordinal", {
  units <- units_of("four_missing")
  alpha(units, ordinal_for(units))
})
add("rare_code", "positive_agreement", specific(units_of("rare_code"), "2"))
add("rare_code", "negative_agreement", specific(units_of("rare_code"), "1"))
add("code_sets", "masi_alpha", alpha(units_of("code_sets"), masi))
add("code_sets", "jaccard_alpha", alpha(units_of("code_sets"), jaccard))
write.csv(results, file.path(here, "expected_r.csv"), row.names = FALSE, quote = FALSE)
cat(R.version.string, "psych", as.character(packageVersion("psych")), "\n")
