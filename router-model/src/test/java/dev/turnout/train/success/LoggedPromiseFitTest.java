package dev.turnout.train.success;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.model.SuccessPromise;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The promise on logged choices whose queries' true success is known. */
class LoggedPromiseFitTest {
  private static final int REPEATS = 300;

  /**
   * A query.
   *
   * @param success true chance that the only LLM of interest is right
   * @param predicted what is predicted of it
   * @param propensity chance that it is asked
   */
  private record Asked(double success, double predicted, double propensity) {}

  private interface Stream {
    Asked next(SplittableRandom random);
  }

  /** Good predictions, by which is also chosen. */
  private static Asked informed(SplittableRandom random, double rarest) {
    double success = random.nextDouble();
    return new Asked(success, success, Math.max(rarest, success * success));
  }

  /** The LLM is nearly always asked what it can, which its predictions do not tell. */
  private static Asked misleading(SplittableRandom random, double rarest) {
    boolean easy = random.nextDouble() < 0.5;
    return new Asked(easy ? 0.95 : 0.5, 0.7 + 0.2 * random.nextDouble(), easy ? 0.9 : rarest);
  }

  private static SuccessPromise promise(
      Stream stream, int queries, double rarest, SplittableRandom random) {
    List<double[]> log = new ArrayList<>();
    for (int i = 0; i < queries; i++) {
      Asked asked = stream.next(random);
      if (random.nextDouble() < asked.propensity()) {
        double reward = random.nextDouble() < asked.success() ? 1 : 0;
        log.add(new double[] {asked.predicted(), reward, 1 / asked.propensity()});
      }
    }
    return LoggedPromiseFit.fit(
        new int[log.size()],
        log.stream().mapToDouble(row -> row[0]).toArray(),
        log.stream().mapToDouble(row -> row[1]).toArray(),
        log.stream().mapToDouble(row -> row[2]).toArray(),
        new double[] {1 / rarest});
  }

  /** Share of repeats in which more trusted queries fail than the rate leaves. */
  private static double broken(Stream stream, int queries, double rarest, double rate) {
    SplittableRandom random = new SplittableRandom(11);
    List<Asked> fresh = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      fresh.add(stream.next(random));
    }
    int broken = 0;
    for (int repeat = 0; repeat < REPEATS; repeat++) {
      SuccessPromise promise = promise(stream, queries, rarest, random);
      List<Asked> trusted =
          fresh.stream().filter(asked -> promise.isKept(0, rate, asked.predicted())).toList();
      double success = trusted.stream().mapToDouble(Asked::success).average().orElse(1);
      broken += success < rate ? 1 : 0;
    }
    return (double) broken / REPEATS;
  }

  @Test
  void shouldKeepTheRateOverAllQueriesWhateverWasAsked() {
    for (double rarest : new double[] {0.02, 0.2}) {
      for (int queries : new int[] {100, 1_000, 5_000}) {
        assertThat(broken(random -> informed(random, rarest), queries, rarest, 0.8))
            .isLessThan(0.1);
        assertThat(broken(random -> misleading(random, rarest), queries, rarest, 0.8))
            .isLessThan(0.1);
      }
    }
  }

  @Test
  void shouldTrustWhatEnoughChoicesShow() {
    // given an LLM that is asked at least every fifth query, and predictions that are true
    SuccessPromise promise =
        promise(random -> informed(random, 0.2), 20_000, 0.2, new SplittableRandom(5));

    // then four in ten queries keep 80 %, and not many fewer are trusted
    assertThat(promise.thresholds().at(0, 79)).isBetween(0.58f, 0.68f);
  }

  @Test
  void shouldPromiseNothingOfAnLlmThatIsHardlyExplored() {
    SuccessPromise promise =
        promise(random -> informed(random, 0.001), 1_000, 0.001, new SplittableRandom(5));

    assertThat(promise.thresholds().at(0, 79)).isEqualTo(SuccessPromise.NEVER);
  }
}
