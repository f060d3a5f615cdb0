package dev.turnout.belief;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How much the grades of some graders count, whatever is learnt of them: a guess from what users do
 * next is no judge's opinion. Graders that no rule names count 1.
 *
 * @param rules the first that names a grader holds
 */
public record GraderWeights(List<Rule> rules) {

  /** All graders count alike. */
  public static final GraderWeights NONE = new GraderWeights(List.of());

  private static final String ANY_END = "*";

  /**
   * The weight of some graders.
   *
   * @param name of a grader, or what its name begins with and an asterisk
   * @param weight 0..1; 0 leaves its grades out
   */
  public record Rule(String name, double weight) {
    /** Checks the weight and the name. */
    public Rule {
      if (name.isBlank() || !(weight >= 0 && weight <= 1)) {
        throw new IllegalArgumentException(
            "the weight of grader \"" + name + "\" is " + weight + "; it must be within 0..1");
      }
    }

    boolean names(String grader) {
      return name.endsWith(ANY_END)
          ? grader.startsWith(name.substring(0, name.length() - 1))
          : grader.equals(name);
    }

    static Rule parse(String text) {
      int equals = text.lastIndexOf('=');
      if (equals < 0) {
        throw new IllegalArgumentException("\"" + text + "\" is not NAME=WEIGHT");
      }
      return new Rule(
          text.substring(0, equals).strip(), Double.parseDouble(text.substring(equals + 1)));
    }
  }

  public GraderWeights {
    rules = List.copyOf(rules);
  }

  /**
   * Reads rules.
   *
   * @param text e.g. {@code implicit*=0.1, thumbs=0.5}
   * @throws IllegalArgumentException if it is something else
   */
  public static GraderWeights parse(String text) {
    List<Rule> rules = new ArrayList<>();
    for (String each : text.split(",", -1)) {
      rules.add(Rule.parse(each.strip()));
    }
    return new GraderWeights(rules);
  }

  /** The weight of a grader, 0..1. */
  public double of(String grader) {
    return rules.stream()
        .filter(rule -> rule.names(grader))
        .mapToDouble(Rule::weight)
        .findFirst()
        .orElse(1);
  }

  /** As {@link #parse} reads it. */
  @Override
  public String toString() {
    return rules.stream()
        .map(rule -> rule.name() + "=" + rule.weight())
        .collect(Collectors.joining(", "));
  }
}
