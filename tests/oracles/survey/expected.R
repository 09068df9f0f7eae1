# Expected values for tests/survey, made by R's survey package on invented data.
#
#   apt-get install r-base-core r-cran-survey r-cran-mass
#   Rscript expected.R          (in this directory; writes the five CSV files beside it)
#
# One row of expected.csv is one number: design, estimator, variable, group, level, statistic.
# Numbers have 17 significant digits, so that reading them back loses nothing.

suppressMessages(library(survey))
options(digits = 17, stringsAsFactors = FALSE)
set.seed(20210501)

digits17 <- function(x) ifelse(is.na(x), "", sprintf("%.17g", x))
write_table <- function(frame, file) {
  for (name in names(frame)) if (is.double(frame[[name]])) frame[[name]] <- digits17(frame[[name]])
  write.csv(frame, file, row.names = FALSE, quote = FALSE, na = "")
}

# --- Inputs -----------------------------------------------------------------------------------

# Teachers in schools in four regions: schools drawn by region, all teachers of a school asked.
schools <- data.frame(
  stratum = rep(c("north", "east", "south", "west"), c(5, 4, 6, 3)),
  schools_in_stratum = rep(c(20, 9, 31, 12), c(5, 4, 6, 3))
)
schools$cluster <- sprintf("S%02d", seq_len(nrow(schools)))
schools$lean <- rnorm(nrow(schools), 0, 0.8)
one <- schools[rep(seq_len(nrow(schools)), sample(8:24, nrow(schools), TRUE)), ]
n <- nrow(one)
answers <- c("strongly disagree", "disagree", "agree", "strongly agree")
one$id <- sprintf("R%03d", seq_len(n))
one$teachers_in_stratum <- c(north = 400, east = 200, south = 650, west = 260)[one$stratum]
one$weight <- round((one$schools_in_stratum / 5) * runif(n, 0.5, 2), 3)
one$sex <- sample(c("female", "male"), n, TRUE, c(0.7, 0.3))
one$age <- sample(c("under 35", "35 to 50", "over 50"), n, TRUE, c(0.3, 0.4, 0.3))
one$kind <- ifelse(one$stratum %in% c("north", "east"), "primary", "secondary")
one$kind[sample(n, 60)] <- "mixed"
cut4 <- function(z) answers[findInterval(z, c(-1.2, 0, 1.1)) + 1]
one$q1 <- cut4(rnorm(n) + one$lean)
one$q2 <- cut4(rnorm(n) + 0.5 * one$lean + 0.4 * (one$q1 == "agree"))
one$q2[sample(n, 40)] <- NA
one$years <- round(rexp(n, 0.1) + 3 * (one$sex == "male"), 2)
one$courses <- rpois(n, 3) + 1
one$courses[sample(n, 25)] <- NA
one$lean <- NULL
rownames(one) <- NULL
write_table(one, "one_stage.csv")

# Two stages: 12 of 60 schools, then 4 to 9 of the teachers of each.
two <- do.call(rbind, lapply(1:12, function(school) {
  size <- sample(20:45, 1)
  drawn <- sample(4:9, 1)
  data.frame(school = sprintf("P%02d", school), teacher = seq_len(drawn), schools = 60,
             teachers = size, weight = 60 / 12 * size / drawn, lean = rnorm(1))
}))
two$sex <- sample(c("female", "male"), nrow(two), TRUE)
two$q1 <- cut4(rnorm(nrow(two)) + two$lean)
two$q1[sample(nrow(two), 9)] <- NA
two$years <- round(rexp(nrow(two), 0.1), 2)
two$courses <- rpois(nrow(two), 3) + 1
two$lean <- NULL
write_table(two, "two_stage.csv")

# --- Collecting ---------------------------------------------------------------------------------

rows <- list()
put <- function(design, estimator, variable, group, level, ...) {
  values <- list(...)
  for (name in names(values)) {
    rows[[length(rows) + 1]] <<- data.frame(
      design, estimator, variable, group, level, statistic = name,
      value = digits17(as.numeric(values[[name]]))
    )
  }
}

share <- function(name, design, variable, group, keep, levels = answers) {
  domain <- subset(design, keep)
  n <- sum(weights(design)[keep] > 0)
  domain$variables$hit <- 0
  for (level in levels) {
    domain$variables$hit <- as.numeric(domain$variables[[variable]] %in% level)
    m <- svymean(~hit, domain, deff = "replace")
    p <- as.numeric(coef(m)); se <- as.numeric(SE(m)); df <- degf(domain)
    put(name, "share", variable, group, level, n = n, share = p, se = se, df = df)
    if (p > 0 && p < 1 && df > 0) {
      x <- attr(svyciprop(~hit, domain, method = "xlogit"), "ci")
      # svyciprop takes nrow(design) for n; a calibrated design keeps the rows outside the domain.
      b <- if (nrow(domain) == n) attr(svyciprop(~hit, domain, method = "beta"), "ci")
      size <- p * (1 - p) / se^2 * (qt(0.025, n - 1) / qt(0.025, df))^2
      w <- suppressWarnings(prop.test(size * p, size, correct = FALSE)$conf.int)
      put(name, "share", variable, group, level, design_effect = deff(m),
          logit_lower = x[1], logit_upper = x[2], wilson_lower = w[1], wilson_upper = w[2])
      if (!is.null(b)) {
        put(name, "share", variable, group, level, beta_lower = b[1], beta_upper = b[2])
      }
    }
  }
}

shares <- function(name, design, variable) {
  known <- !is.na(design$variables[[variable]])
  share(name, design, variable, "all", known)
  for (sex in c("female", "male")) {
    share(name, design, variable, sex, known & design$variables$sex == sex)
  }
}

numbers <- function(name, design) {
  variables <- design$variables
  for (group in c("all", "female", "male")) {
    keep <- !is.na(variables$courses) & (group == "all" | variables$sex == group)
    domain <- subset(design, keep)
    n <- sum(weights(design)[keep] > 0)
    # A calibrated design keeps the rows outside the domain with weight 0, and 0 times NA is NA.
    domain$variables$courses[is.na(domain$variables$courses)] <- 0
    m <- svymean(~courses, domain, deff = "replace")
    ci <- confint(m, df = degf(domain))
    put(name, "mean", "courses", group, "", n = n, mean = coef(m), se = SE(m),
        df = degf(domain), design_effect = deff(m), lower = ci[1], upper = ci[2])
    r <- svyratio(~years, ~courses, domain)
    ci <- confint(r, df = degf(domain))
    put(name, "ratio", "years/courses", group, "", n = n, ratio = coef(r), se = SE(r),
        df = degf(domain), lower = ci[1], upper = ci[2])
  }
}

association <- function(name, design, row, col) {
  known <- !is.na(design$variables[[row]]) & !is.na(design$variables[[col]])
  domain <- subset(design, known)
  f <- svychisq(as.formula(paste0("~", row, "+", col)), domain, statistic = "F")
  # svychisq counts the units of every row that a calibrated design keeps, inside the domain or
  # not; degf counts those inside, as svychisq itself does for other designs.
  df1 <- f$parameter[1]
  df2 <- df1 * degf(domain)
  put(name, "chisquare", row, col, "", statistic = f$statistic, df1 = df1, df2 = df2,
      p_value = pf(f$statistic, df1, df2, lower.tail = FALSE))
}

# --- Designs ------------------------------------------------------------------------------------

one$everyone <- 1510
designs <- list(
  simple = svydesign(ids = ~1, weights = rep(1, n), data = one),
  simple_fpc = svydesign(ids = ~1, weights = rep(1, n), fpc = ~everyone, data = one),
  weighted = svydesign(ids = ~1, weights = ~weight, data = one),
  stratified = svydesign(ids = ~1, strata = ~stratum, weights = ~weight, data = one),
  stratified_fpc = svydesign(ids = ~1, strata = ~stratum, weights = ~weight,
                             fpc = ~teachers_in_stratum, data = one),
  clustered = svydesign(ids = ~cluster, weights = ~weight, data = one),
  stratified_clustered = svydesign(ids = ~cluster, strata = ~stratum, weights = ~weight, data = one),
  stratified_clustered_fpc = svydesign(ids = ~cluster, strata = ~stratum, weights = ~weight,
                                       fpc = ~schools_in_stratum, data = one)
)
for (name in names(designs)) {
  for (item in c("q1", "q2")) shares(name, designs[[name]], item)
  numbers(name, designs[[name]])
  association(name, designs[[name]], "q1", "q2")
  association(name, designs[[name]], "sex", "q1")
  association(name, designs[[name]], "kind", "stratum") # has cells without a row
}

stages <- list(
  two_stage = svydesign(ids = ~school + teacher, weights = ~weight, data = two),
  two_stage_fpc = svydesign(ids = ~school + teacher, weights = ~weight, fpc = ~schools + teachers,
                            data = two)
)
for (name in names(stages)) {
  shares(name, stages[[name]], "q1")
  numbers(name, stages[[name]])
  association(name, stages[[name]], "sex", "q1")
}

# A region with one school left: what R does under its two options.
single <- subset(one, !(stratum == "west" & cluster != cluster[stratum == "west"][1]))
for (option in c("certainty", "adjust")) {
  options(survey.lonely.psu = option)
  lonely <- svydesign(ids = ~cluster, strata = ~stratum, weights = ~weight, data = single)
  share(paste0("single_", option), lonely, "q1", "all", rep(TRUE, nrow(single)))
}
options(survey.lonely.psu = "fail")

# --- Known margins ------------------------------------------------------------------------------

totals_sex <- c(female = 1000, male = 510)
totals_age <- c("under 35" = 430, "35 to 50" = 600, "over 50" = 480)
totals_kind <- c(primary = 470, secondary = 720, mixed = 320)
cells <- expand.grid(sex = names(totals_sex), age = names(totals_age))
cells$Freq <- c(290, 140, 400, 200, 310, 170)

put_weights <- function(name, w) {
  for (i in seq_along(w)) put(name, "weight", "", "", one$id[i], weight = w[i])
}
base <- designs$stratified_clustered
for (item in c("sex", "age", "kind")) base$variables[[item]] <- factor(base$variables[[item]])
post <- postStratify(base, ~ sex + age, cells)
# R's calibration wants totals of the columns of a model matrix: intercept, then all but the first.
margins <- function(totals) totals[levels(base$variables[[attr(totals, "of")]])][-1]
attr(totals_sex, "of") <- "sex"; attr(totals_age, "of") <- "age"; attr(totals_kind, "of") <- "kind"
wanted <- c(1510, margins(totals_sex), margins(totals_age), margins(totals_kind))
# 1e-14 of a total of 1510 is about as close as sums of a few hundred weights can come.
rake_r <- function(design, ...) {
  names(wanted) <- colnames(model.matrix(~ sex + age + kind, design$variables))
  calibrate(design, ~ sex + age + kind, wanted, calfun = "raking", epsilon = 1e-14, maxit = 200, ...)
}
raked <- rake_r(base)
plain <- svydesign(ids = ~1, weights = rep(1, n), data = base$variables)
calibrated <- list(
  poststratified = post,
  raked = raked,
  raked_unweighted = rake_r(plain)
)
for (name in names(calibrated)) {
  put_weights(name, weights(calibrated[[name]]))
  shares(name, calibrated[[name]], "q1")
  shares(name, calibrated[[name]], "q2")
  numbers(name, calibrated[[name]])
  association(name, calibrated[[name]], "sex", "q1")
  association(name, calibrated[[name]], "q1", "q2")
}
# R's rake() itself, on design weights, as far as its iterations go.
frequencies <- function(name, totals) {
  setNames(data.frame(names(totals), as.numeric(totals)), c(name, "Freq"))
}
proportional <- rake(
  base, list(~sex, ~age, ~kind),
  list(frequencies("sex", totals_sex), frequencies("age", totals_age),
       frequencies("kind", totals_kind)),
  control = list(maxit = 500, epsilon = 1e-15)
)
put_weights("raked_by_rake", weights(proportional))
# R's rake() has a standard error of its own: it regresses without the base weights.
for (item in c("q1", "q2")) shares("raked_by_rake", proportional, item)
numbers("raked_by_rake", proportional)
association("raked_by_rake", proportional, "q1", "q2")
association("raked_by_rake", proportional, "sex", "q1")
# Bounded factors: R's own derivative of the truncated exponential stalls, hence ours here.
truncated <- make.calfun(
  function(u, bounds) pmin(pmax(exp(u), bounds$lower), bounds$upper) - 1,
  function(u, bounds) ifelse(exp(u) < bounds$upper & exp(u) > bounds$lower, exp(u), 0),
  "truncated raking"
)
names(wanted) <- colnames(model.matrix(~ sex + age + kind, base$variables))
limits <- c(0.82, 1.5)
bounded <- calibrate(base, ~ sex + age + kind, wanted, calfun = truncated, epsilon = 1e-14,
                     maxit = 500, bounds = limits)
put("raked_bounded", "bounds", "", "", "", lower = limits[1], upper = limits[2])
put_weights("raked_bounded", weights(bounded))
shares("raked_bounded", bounded, "q1")

# --- The study's weights, nonresponse weights ----------------------------------------------------

for (item in c("q1", "q2")) {
  known <- one[!is.na(one[[item]]), ]
  known$equal <- 1 / as.numeric(table(known$stratum)[known$stratum])
  design <- svydesign(ids = ~1, strata = ~stratum, weights = ~equal, data = known)
  shares("equal_groups", design, item)
  design <- svydesign(ids = ~1, weights = ~equal, data = known)
  shares("equal_groups_unstratified", design, item)
}
response <- one$teachers_in_stratum / as.numeric(table(one$stratum)[one$stratum])
put_weights("nonresponse", response)
for (name in c("weighted", "nonresponse")) {
  w <- if (name == "weighted") one$weight else response
  put(name, "kish", "", "", "", effective_sample_size = sum(w)^2 / sum(w^2),
      design_effect = n * sum(w^2) / sum(w)^2)
}
shares("nonresponse", svydesign(ids = ~1, strata = ~stratum, weights = response,
                                fpc = ~teachers_in_stratum, data = one), "q1")

# --- Weights of zero: rows outside the estimate that keep their place in the design ---------------

one$thinned <- ifelse(one$age == "over 50" & one$stratum != "east" | one$cluster == "S07",
                      0, one$weight)
thinned <- svydesign(ids = ~cluster, strata = ~stratum, weights = ~thinned, data = one)
for (item in c("q1", "q2")) shares("zero_weights", thinned, item)
numbers("zero_weights", thinned)
association("zero_weights", thinned, "q1", "q2")
association("zero_weights", thinned, "sex", "q1")
plain <- svydesign(ids = ~1, strata = ~stratum, weights = ~thinned, data = one)
shares("zero_weights_rows", plain, "q1")
# R cannot take residuals of rows of weight zero, but a subset keeps their units as well.
thinned <- subset(thinned, thinned > 0)
for (item in c("sex", "kind")) thinned$variables[[item]] <- factor(thinned$variables[[item]])
kept <- c(1510, totals_sex[["male"]], totals_kind[c("primary", "secondary")])
names(kept) <- colnames(model.matrix(~ sex + kind, thinned$variables))
shares("zero_weights_raked", calibrate(thinned, ~ sex + kind, kept, calfun = "raking",
                                       epsilon = 1e-14, maxit = 200), "q1")

# --- Crossed groups -------------------------------------------------------------------------------

for (sex in names(totals_sex)) for (age in names(totals_age)) {
  share("crossed", designs$stratified_clustered, "q2", paste(sex, age, sep = "/"),
        !is.na(one$q2) & one$sex == sex & one$age == age)
}

# --- Small cases ----------------------------------------------------------------------------------

small <- data.frame(q = c("yes", "no", "no", NA, "yes", "yes"), d = c("A", "A", "B", "B", "B", "C"),
                    w = 1:6)
for (option in c("certainty", "adjust")) {
  options(survey.lonely.psu = option)
  share(paste0("small_", option), svydesign(ids = ~1, strata = ~d, weights = ~w, data = small),
        "q", "all", !is.na(small$q), c("no", "yes"))
}
options(survey.lonely.psu = "fail")
pairs <- data.frame(psu = rep(1:4, each = 2), w = rep(c(1, 0), c(6, 2)),
                    q = c("x", "y", "x", "x", "y", "y", "x", "x"))
share("small_zero", svydesign(ids = ~psu, weights = ~w, data = pairs), "q", "all", rep(TRUE, 8),
      c("x", "y"))

write.csv(do.call(rbind, rows), "expected.csv", row.names = FALSE, quote = FALSE)

# --- Shares against a population -----------------------------------------------------------------

sample_counts <- c(a = 153, b = 47, c = 12, d = 0, e = 232)
people_counts <- c(a = 183, b = 73, c = 25, d = 3, e = 327)
write.csv(data.frame(level = names(sample_counts), sample = sample_counts,
                     population = people_counts), "shares.csv", row.names = FALSE, quote = FALSE)
rows <- list()
size <- sum(sample_counts); people <- sum(people_counts)
p_values <- list()
for (level in names(sample_counts)) {
  x <- sample_counts[[level]]; k <- people_counts[[level]]; p0 <- k / people
  z1 <- suppressWarnings(prop.test(x, size, p = p0, correct = FALSE))
  z2 <- suppressWarnings(prop.test(c(x, k), c(size, people), correct = FALSE))
  exact <- binom.test(x, size, p0)
  rest <- fisher.test(matrix(c(x, size - x, k - x, people - size - k + x), 2))
  zf <- (x / size - p0) / sqrt(p0 * (1 - p0) / size * (people - size) / (people - 1))
  found <- list(
    one_sample_z = c(sign(x / size - p0) * sqrt(z1$statistic), z1$p.value),
    two_sample_z = c(sign(x / size - p0) * sqrt(z2$statistic), z2$p.value),
    exact_binomial = c(x, exact$p.value),
    hypergeometric = c(x, rest$p.value),
    finite_population_z = c(zf, 2 * pnorm(-abs(zf)))
  )
  for (test in names(found)) {
    rows[[length(rows) + 1]] <- data.frame(test, level, statistic = digits17(found[[test]][1]),
                                           p_value = found[[test]][2])
  }
}
found <- do.call(rbind, rows)
for (method in c("bonferroni", "holm", "BH")) {
  found[[tolower(method)]] <- digits17(ave(found$p_value, found$test,
                                           FUN = function(p) p.adjust(p, method)))
}
found$p_value <- digits17(found$p_value)
write.csv(found, "shares_expected.csv", row.names = FALSE, quote = FALSE)
