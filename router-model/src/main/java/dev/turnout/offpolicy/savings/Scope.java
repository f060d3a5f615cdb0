package dev.turnout.offpolicy.savings;

import dev.turnout.math.Student;
import dev.turnout.offpolicy.Estimate;
import java.util.ArrayList;
import java.util.List;

/** Some strata with what is expected in each: estimates are sums over them. */
final class Scope {
  private record Member(Stratum sums, Expectation expected) {}

  private final List<Member> members = new ArrayList<>();
  private final Stratum whole;

  /**
   * @param whole sums over all of the traffic, where the degrees of freedom come from
   */
  Scope(Stratum whole) {
    this.whole = whole;
  }

  void add(Stratum sums, Expectation expected) {
    members.add(new Member(sums, expected));
  }

  long choices() {
    return members.stream().mapToLong(member -> member.sums().choices()).sum();
  }

  /** What was earned or paid, all together. */
  double routed(Blend blend) {
    return members.stream().mapToDouble(member -> member.sums().routed(blend)).sum();
  }

  /** Queries that an LLM could have answered. */
  long open(String llm) {
    return members.stream().mapToLong(member -> sums(member, llm).open()).sum();
  }

  /** Queries that an LLM did answer. */
  long answers(String llm) {
    return members.stream().mapToLong(member -> sums(member, llm).answered().answers()).sum();
  }

  /** Total of an LLM by itself; what it could not answer is as it was routed. */
  double always(String llm, Blend blend) {
    double total = routed(blend);
    for (Member member : members) {
      LlmSums sums = sums(member, llm);
      total += sums.always(blend, member.expected().predicted(llm)) - sums.routed(blend);
    }
    return total;
  }

  /**
   * Variance of {@link #always} for these very queries, whose routed answers are known.
   *
   * @param compared whether it is compared with another estimate instead of what was routed: the
   *     errors of two LLMs may add up
   */
  double variance(String llm, Blend blend, boolean compared) {
    double variance = 0;
    for (Member member : members) {
      LlmSums sums = sums(member, llm);
      double draws = sums.variance() + (compared ? sums.open() : 0);
      if (draws > 0) {
        variance += draws * residual(member, llm, blend);
      }
    }
    return variance;
  }

  /** Total with every LLM that can answer equally likely. */
  double evenly(Blend blend) {
    double total = 0;
    for (Member member : members) {
      for (String llm : member.sums().llms().keySet()) {
        total += sums(member, llm).evenly(blend, member.expected().predicted(llm));
      }
    }
    return total;
  }

  double evenVariance(Blend blend) {
    double variance = 0;
    for (Member member : members) {
      for (String llm : member.sums().llms().keySet()) {
        variance += sums(member, llm).evenVariance() * residual(member, llm, blend);
      }
    }
    return variance;
  }

  private static double residual(Member member, String llm, Blend blend) {
    return member
        .expected()
        .spread(llm)
        .variance(blend, member.expected().predicted(llm).costUsd());
  }

  /** Answers that really carry what is known of an LLM's errors. */
  double degrees(String llm) {
    LlmSums sums = whole.llms().get(llm);
    return sums == null ? 0 : sums.answered().degrees();
  }

  double effective(String llm) {
    double effective = 0;
    for (Member member : members) {
      effective += sums(member, llm).answered().effective();
    }
    return effective;
  }

  /** An estimate of an LLM's total, or of a difference to it, divided by so much. */
  Estimate estimate(String llm, double total, double variance, double per, double confidence) {
    return interval(total, variance, per, degrees(llm), effective(llm), confidence, answers(llm));
  }

  Estimate interval(
      double total,
      double variance,
      double per,
      double degrees,
      double effective,
      double confidence,
      long answers) {
    // without a single answer not even the spread is known
    double error =
        degrees > 0 || variance == 0 ? Math.sqrt(variance) / per : Double.POSITIVE_INFINITY;
    double reach = error == 0 ? 0 : Student.twoSided(confidence, degrees) * error;
    double value = total / per;
    return new Estimate(
        value,
        error,
        value - reach,
        value + reach,
        effective,
        (int) Math.min(Integer.MAX_VALUE, answers));
  }

  private static LlmSums sums(Member member, String llm) {
    return member.sums().llms().getOrDefault(llm, NOTHING);
  }

  private static final LlmSums NOTHING = new LlmSums();
}
