package dev.turnout.lab.report;

import static dev.turnout.lab.report.Figures.share;

import dev.turnout.lab.eval.measure.CostErrors;

/** How far expected costs are off, in words. */
final class CostErrorText {
  private CostErrorText() {}

  static String of(CostErrors errors) {
    return "%s of what answers cost; by the means of the LLMs alone by %s"
        .formatted(share(errors.learnt()), share(errors.ofMeans()));
  }
}
