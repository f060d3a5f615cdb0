package dev.turnout.train.feedback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.turnout.belief.GradedSample;
import dev.turnout.belief.LearningSettings;
import dev.turnout.encoder.EncoderId;
import dev.turnout.model.RouterModel;
import dev.turnout.offpolicy.Estimate;
import dev.turnout.offpolicy.Estimator;
import dev.turnout.offpolicy.GateSettings;
import dev.turnout.offpolicy.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CandidateTrialTest {
  private static final EncoderId ENCODER = new EncoderId("toy", "0123456789ab", 4);
  private static final List<String> LLMS = List.of("apple", "pear");
  private static final double[] EVEN = {0.5, 0.5};

  private final CandidateTrial trial =
      new CandidateTrial(LLMS, LearningSettings.defaults(), GateSettings.defaults());
  private final RouterModel forApple = favouring("apple");
  private final RouterModel forPear = favouring("pear");

  @Test
  void shouldNotBelieveAGraderWhoFavoursAnLlm() {
    // given pear is worse by ten points, and a tenth of the grades says it is perfect
    Random random = new Random(1);
    List<GradedSample> heldOut = new ArrayList<>();
    for (int i = 0; i < 4_000; i++) {
      int llm = random.nextInt(2);
      boolean hers = random.nextDouble() < 0.1;
      double honest = random.nextDouble() < (llm == 0 ? 0.6 : 0.5) ? 1 : 0;
      String grader = hers ? "mallory" : "grader-" + i % 3;
      heldOut.add(sample("q" + i, random, llm, hers ? llm : honest, EVEN, grader));
    }

    // when
    Verdict verdict = trial.judge(forApple, forPear, List.of(), heldOut);

    // then the difference is the true one; with her it would be above 0
    Estimate difference = verdict.difference(Estimator.DR);
    assertThat(verdict.promote()).isFalse();
    assertThat(difference.value()).isCloseTo(-0.1, within(3 * difference.standardError()));
    assertThat(difference.value()).isLessThan(-0.04);
  }

  @Test
  void shouldTakeFourGradesOfOneAnswerForOneAnswer() {
    Random random = new Random(2);
    List<GradedSample> once = new ArrayList<>();
    List<GradedSample> four = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      int llm = random.nextInt(2);
      GradedSample sample = sample("q" + i, random, llm, random.nextInt(2), EVEN, "grader-0");
      once.add(sample);
      for (int g = 0; g < 4; g++) {
        four.add(
            new GradedSample(
                sample.queryId(),
                sample.embedding(),
                sample.llm(),
                sample.reward(),
                1,
                0.5,
                LLMS,
                EVEN,
                Double.NaN,
                Double.NaN,
                "grader-" + g,
                false));
      }
    }

    Estimate ofOne = trial.judge(forApple, forPear, List.of(), once).difference(Estimator.DR);
    Estimate ofFour = trial.judge(forApple, forPear, List.of(), four).difference(Estimator.DR);

    assertThat(ofFour.samples()).isEqualTo(ofOne.samples()).isEqualTo(1_000);
    assertThat(ofFour.standardError()).isCloseTo(ofOne.standardError(), within(1e-3));
    assertThat(ofFour.value()).isCloseTo(ofOne.value(), within(1e-3));
  }

  @Test
  void shouldLeaveOutQueriesOfWhichAnEarlierGradeWasSeen() {
    Random random = new Random(3);
    List<GradedSample> seen = new ArrayList<>();
    List<GradedSample> heldOut = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      GradedSample sample =
          sample("q" + i, random, random.nextInt(2), random.nextInt(2), EVEN, "early");
      heldOut.add(sample);
      if (i < 100) {
        seen.add(sample);
      }
    }

    Verdict verdict = trial.judge(forApple, forPear, seen, heldOut);

    assertThat(verdict.difference(Estimator.DR).samples()).isEqualTo(500);
  }

  @Test
  void shouldClaimNothingWhereNothingElseCouldHaveBeenChosen() {
    // given queries that forbid to explore; whatever pear would have earned is not known
    Random random = new Random(4);
    List<GradedSample> heldOut = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      heldOut.add(sample("q" + i, random, 0, random.nextInt(2), new double[] {1, 0}, "grader-0"));
    }

    Verdict verdict = trial.judge(forApple, forPear, List.of(), heldOut);

    assertThat(verdict.difference(Estimator.DR).value()).isZero();
  }

  private static RouterModel favouring(String llm) {
    Random random = new Random(5);
    List<GradedSample> samples = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      int chosen = random.nextInt(2);
      double reward = LLMS.get(chosen).equals(llm) ? 1 : 0;
      samples.add(sample("t" + i, random, chosen, reward, EVEN, "grader-0"));
    }
    return new FeedbackTraining(ENCODER, LLMS, 2, LearningSettings.defaults()).train(samples, 1);
  }

  private static GradedSample sample(
      String id, Random random, int llm, double reward, double[] propensities, String grader) {
    float[] query = new float[4];
    double length = 0;
    for (int j = 0; j < query.length; j++) {
      query[j] = (float) (0.3 * random.nextGaussian() + (j == 0 ? 1 : 0));
      length += (double) query[j] * query[j];
    }
    for (int j = 0; j < query.length; j++) {
      query[j] /= (float) Math.sqrt(length);
    }
    return new GradedSample(
        id,
        query,
        LLMS.get(llm),
        reward,
        1,
        propensities[llm],
        LLMS,
        propensities,
        Double.NaN,
        Double.NaN,
        grader,
        false);
  }
}
