package dev.turnout.train.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.turnout.belief.GradedSample;
import dev.turnout.belief.LearningSettings;
import dev.turnout.belief.StopSignal;
import dev.turnout.encoder.EncoderId;
import dev.turnout.model.RouterModel;
import dev.turnout.model.RouterScorer;
import dev.turnout.model.Scores;
import dev.turnout.model.cost.CellAmounts;
import dev.turnout.model.cost.CostHead;
import dev.turnout.train.Progress;
import dev.turnout.train.Recipes;
import dev.turnout.train.RecordedAnswers;
import dev.turnout.train.SyntheticOutcomes;
import dev.turnout.train.TrainingSet;
import dev.turnout.train.feedback.FeedbackTraining;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class CostTrainingTest {
  private static final EncoderId ENCODER = new EncoderId("synthetic", "0123456789ab", 24);
  private static final List<String> LLMS = SyntheticOutcomes.LLMS;
  private static final TrainingSet QUERIES = SyntheticOutcomes.of(1_500, 1);
  private static final TrainingSet LATER = SyntheticOutcomes.of(200, 2);
  private static final Percentage CLOSE = Percentage.withPercentage(20);

  @Test
  void shouldTrainCostsByTopicFromDataThatHasThem() {
    // given
    double[][] costs = new double[QUERIES.size()][LLMS.size()];
    for (int i = 0; i < costs.length; i++) {
      for (int t = 0; t < LLMS.size(); t++) {
        // of every second query, and never of the last LLM
        boolean known = i % 2 == 0 && t < 4;
        costs[i][t] = known ? usd(QUERIES.group()[i], t) : Double.NaN;
      }
    }

    // when
    RouterModel without = Recipes.named("turnout").train(QUERIES, ENCODER, 7, Progress.silent());
    RouterModel model =
        Recipes.named("turnout")
            .train(QUERIES.withAnswers(costs(costs)), ENCODER, 7, Progress.silent());

    // then
    assertThat(without.costs()).isNull();
    assertThat(model.version()).isNotEqualTo(without.version());
    RouterScorer scorer = new RouterScorer(RouterModel.fromBytes(model.toBytes()));
    for (int i = 0; i < LATER.size(); i++) {
      double[] expected = scorer.score(LATER.embeddings()[i]).costUsd();
      for (int t = 0; t < 4; t++) {
        assertThat(expected[t]).isCloseTo(usd(LATER.group()[i], t), CLOSE);
      }
      assertThat(expected[4]).isNaN();
    }
  }

  @Test
  void shouldKeepWhatIsKnownOfLlmsThatNewDataDoesNotCost() {
    // given
    double[][] first = new double[QUERIES.size()][LLMS.size()];
    double[][] second = new double[QUERIES.size()][LLMS.size()];
    for (int i = 0; i < first.length; i++) {
      for (int t = 0; t < LLMS.size(); t++) {
        first[i][t] = 0.001;
        second[i][t] = t == 0 ? 0.005 : Double.NaN;
      }
    }
    RouterModel serving =
        Recipes.named("turnout")
            .train(QUERIES.withAnswers(costs(first)), ENCODER, 7, Progress.silent());

    // when
    RouterModel model =
        Recipes.named("turnout")
            .retrain(serving, QUERIES.withAnswers(costs(second)), 7, Progress.silent());

    // then
    double[] expected = new RouterScorer(model).score(LATER.embeddings()[0]).costUsd();
    assertThat(expected[0]).isCloseTo(0.005, CLOSE);
    assertThat(expected[1]).isCloseTo(0.001, CLOSE);
  }

  @Test
  void shouldLearnLengthsAndCostsFromLoggedChoices() {
    // when
    FeedbackTraining training = training();
    RouterModel model = training.train(samples(1), 7);

    // then what one answer took is learnt in its topic
    RouterScorer scorer = new RouterScorer(model);
    for (int i = 0; i < LATER.size(); i++) {
      int topic = LATER.group()[i];
      assertThat(scorer.score(LATER.embeddings()[i]).outputTokens()[topic])
          .isCloseTo(tokens(topic, topic), CLOSE);
      assertThat(scorer.score(LATER.embeddings()[i]).costUsd()[topic])
          .isCloseTo(usd(topic, topic), CLOSE);
    }
  }

  @Test
  void shouldTrainEqualModelsFromEqualLogs() {
    assertThat(training().train(samples(1), 7).toBytes())
        .isEqualTo(training().train(samples(1), 7).toBytes());
  }

  @Test
  void shouldCountAnAnswerOnceHoweverManyGradedIt() {
    // given answers of the first LLM that three graders have graded
    RouterModel model = training().train(samples(1), 7);
    int graders = 3;

    // when
    CostHead once = Objects.requireNonNull(CostTraining.observed(model, samples(1), 1e9));
    CostHead thrice = Objects.requireNonNull(CostTraining.observed(model, samples(graders), 1e9));

    // then
    CellAmounts tokens = Objects.requireNonNull(thrice.outputTokens());
    assertThat(tokens.answers(0))
        .isCloseTo(Objects.requireNonNull(once.outputTokens()).answers(0), within(0.01));
  }

  @Test
  void shouldKeepWhatTheServingModelExpectsOfAnLlmThatNobodyAsked() {
    // given a model that knows all LLMs, and samples of all but the first
    RouterModel serving = training().train(samples(1), 7);
    List<GradedSample> others =
        samples(1).stream().filter(sample -> !sample.llm().equals(LLMS.get(0))).toList();

    // when
    RouterModel model = training().train(others, 7, serving, serving, StopSignal.never());

    // then
    CellAmounts before = tokens(serving);
    CellAmounts after = tokens(model);
    assertThat(after.llms().row(0)).isEqualTo(before.llms().row(0));
    for (int c = 0; c < serving.allCells(); c++) {
      assertThat(after.deviations().at(c, 0)).isEqualTo(before.deviations().at(c, 0));
    }
  }

  @Test
  void shouldKnowNothingWhereNoAnswerTells() {
    RouterModel model =
        training().train(samples(1).stream().map(CostTrainingTest::untold).toList(), 7);

    assertThat(model.costs()).isNull();
    assertThat(new RouterScorer(model).score(LATER.embeddings()[0]).outputTokens())
        .containsOnly(Double.NaN);
  }

  @Test
  void shouldLearnLengthsFromDataThatHasThem() {
    // given
    List<RecordedAnswers> answers = new ArrayList<>();
    for (int i = 0; i < QUERIES.size(); i++) {
      double[] tokens = new double[LLMS.size()];
      double[] usd = new double[LLMS.size()];
      Arrays.fill(usd, Double.NaN);
      for (int t = 0; t < tokens.length; t++) {
        tokens[t] = tokens(QUERIES.group()[i], t);
      }
      answers.add(new RecordedAnswers(usd, tokens));
    }

    // when
    RouterModel model =
        Recipes.named("turnout").train(QUERIES.withAnswers(answers), ENCODER, 7, Progress.silent());

    // then
    Scores scores = new RouterScorer(model).score(LATER.embeddings()[0]);
    assertThat(scores.outputTokens()[2]).isCloseTo(tokens(LATER.group()[0], 2), CLOSE);
    assertThat(scores.costUsd()[2]).isNaN();
  }

  private static List<RecordedAnswers> costs(double[][] usd) {
    return Arrays.stream(usd).map(RecordedAnswers::ofCosts).toList();
  }

  private static CellAmounts tokens(RouterModel model) {
    return Objects.requireNonNull(Objects.requireNonNull(model.costs()).outputTokens());
  }

  private static FeedbackTraining training() {
    return new FeedbackTraining(ENCODER, LLMS, 8, LearningSettings.defaults());
  }

  private static double tokens(int topic, int llm) {
    return 50 * (llm + 1) * (topic == 1 ? 8 : 1);
  }

  private static double usd(int topic, int llm) {
    return 1e-6 * tokens(topic, llm) * (llm + 1);
  }

  /** Each query answered by one LLM, every grade by so many graders. */
  private static List<GradedSample> samples(int graders) {
    SplittableRandom random = new SplittableRandom(5);
    List<GradedSample> samples = new ArrayList<>();
    for (int i = 0; i < QUERIES.size(); i++) {
      int topic = QUERIES.group()[i];
      int llm = random.nextInt(LLMS.size());
      for (int g = 0; g < graders; g++) {
        samples.add(
            new GradedSample(
                "q" + i,
                QUERIES.embeddings()[i],
                LLMS.get(llm),
                QUERIES.rewards()[i][llm],
                1,
                0.2,
                LLMS,
                new double[] {0.2, 0.2, 0.2, 0.2, 0.2},
                usd(topic, llm),
                Double.NaN,
                tokens(topic, llm),
                "grader-" + g,
                false,
                null));
      }
    }
    return samples;
  }

  private static GradedSample untold(GradedSample sample) {
    return new GradedSample(
        sample.queryId(),
        sample.embedding(),
        sample.llm(),
        sample.reward(),
        sample.weight(),
        sample.propensity(),
        sample.llms(),
        sample.propensities(),
        Double.NaN,
        Double.NaN,
        Double.NaN,
        sample.grader(),
        sample.shadow(),
        null);
  }
}
