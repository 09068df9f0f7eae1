"""Survey strand: weights, design-based estimates, comparison with the population, Likert scales.

Pure functions from tables to tables, held against R's survey package. Import the part you need:

- `compendium.survey.weights`: the study's equal-group weight, nonresponse weights,
  post-stratification, raking, trimming.
- `compendium.survey.estimates`: a survey design, and shares, means, ratios, tests of association
  and bootstrap replicates under it.
- `compendium.survey.comparison`: are the shares in a sample those of the population?
- `compendium.survey.likert`: answer scales, top-box, data of a diverging bar chart.
"""
