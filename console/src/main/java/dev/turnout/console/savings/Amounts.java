package dev.turnout.console.savings;

import static j2html.TagCreator.span;
import static j2html.TagCreator.td;
import static j2html.TagCreator.th;

import dev.turnout.console.page.Words;
import dev.turnout.offpolicy.Estimate;
import j2html.tags.DomContent;
import j2html.tags.specialized.TdTag;
import j2html.tags.specialized.ThTag;
import java.util.function.DoubleFunction;

/** Estimates with their intervals, as cells of tables. */
final class Amounts {
  private Amounts() {}

  /** An amount of money with its interval. */
  static TdTag usd(Estimate estimate) {
    return cell(estimate, Words::usd);
  }

  /** A reward with its interval. */
  static TdTag reward(Estimate estimate) {
    return cell(estimate, value -> Words.number(value, 3));
  }

  /** A difference of rewards with its interval. */
  static TdTag points(Estimate estimate) {
    return cell(estimate, Amounts::signed);
  }

  /** A difference of rewards with its sign. */
  static String signed(double value) {
    return (value > 0 ? "+" : "") + Words.number(value, 3);
  }

  private static TdTag cell(Estimate estimate, DoubleFunction<String> words) {
    return td(span(words.apply(estimate.value())), interval(estimate, words)).withClass("n");
  }

  /** The interval, in a fainter voice; what is not bounded is said in a word. */
  static DomContent interval(Estimate estimate, DoubleFunction<String> words) {
    return span(" " + range(estimate, words)).withClass("note");
  }

  /** The interval in words. */
  static String range(Estimate estimate, DoubleFunction<String> words) {
    return Double.isInfinite(estimate.lower()) || Double.isInfinite(estimate.upper())
        ? "(unknown: too few answers)"
        : words.apply(estimate.lower()) + " to " + words.apply(estimate.upper());
  }

  /** A class for savings that are sure to be one or the other. */
  static String sign(Estimate estimate) {
    return estimate.lower() > 0 ? "good" : estimate.upper() < 0 ? "bad" : "";
  }

  static ThTag column(String name) {
    return th(name).attr("scope", "col");
  }

  static ThTag number(String name) {
    return column(name).withClass("n");
  }
}
