package dev.turnout.train.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.turnout.belief.StopSignal;
import dev.turnout.encoder.EncoderId;
import dev.turnout.math.Vectors;
import dev.turnout.model.Calibration;
import dev.turnout.model.FeatureWriter;
import dev.turnout.model.Guard;
import dev.turnout.model.Matrix;
import dev.turnout.model.QueryFeatures;
import dev.turnout.model.RouterModel;
import dev.turnout.model.RouterScorer;
import dev.turnout.model.guard.Familiarity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The guard on sentences of a small grammar, whose vectors are sums of random vectors of words. */
class GuardFitTest {
  private static final int DIMENSION = 40;
  private static final double QUANTILE = 0.95;
  private static final List<List<String>> SUMS =
      List.of(
          List.of("Anna", "Bert", "The baker", "A farmer", "My sister"),
          List.of("buys", "sells", "counts", "loses", "paints"),
          List.of("3", "12", "40", "7", "256"),
          List.of("red apples", "old books", "small boxes", "green chairs", "warm coats"),
          List.of("on Monday.", "in the shop.", "before noon.", "at the market.", "in spring."),
          List.of("How many are left?", "What do they cost?", "How long does it take?"));
  private static final List<List<String>> FACTS =
      List.of(
          List.of("Which river", "Which city", "Which mountain", "What lake", "Which island"),
          List.of("is the longest", "is the oldest", "is the highest", "lies deepest"),
          List.of("of all in", "among those of", "that is known in", "to be found in"),
          List.of("Europe", "Asia", "northern Africa", "the far south", "Australia"),
          List.of("\nA. this one\nB. that one", "\nA. the first\nB. the last", "\nA. yes\nB. no"));

  private static RouterModel model;
  private static RouterScorer scorer;

  @BeforeAll
  static void train() {
    List<String> texts = new ArrayList<>(sentences(SUMS, 500, 1));
    texts.addAll(sentences(FACTS, 400, 2));
    int[] task = new int[900];
    Arrays.fill(task, 500, 900, 1);
    model = model(texts, task);
    scorer = new RouterScorer(model);
  }

  @Test
  void shouldFlagTheStatedShareOfNewQueriesOfEveryTask() {
    // when new sentences of each grammar come
    double sums = flagged(sentences(SUMS, 2000, 3), text -> text);
    double facts = flagged(sentences(FACTS, 2000, 4), text -> text);

    // then about one in twenty is flagged; a threshold of 400 has itself an error of 1.1 points
    assertThat(sums).isBetween(0.005, 0.12);
    assertThat(facts).isBetween(0.005, 0.12);
  }

  @Test
  void shouldFlagNonsenseMadeOfTheVeryQueries() {
    Random random = new Random(5);
    List<String> texts = sentences(SUMS, 300, 6);

    // then letters, words and noise of the same lengths are told
    assertThat(flagged(texts, text -> shuffledWithinWords(text, random))).isGreaterThan(0.95);
    assertThat(flagged(texts, text -> shuffledWords(text, random))).isGreaterThan(0.9);
    assertThat(flagged(texts, text -> noise(text.length(), random))).isEqualTo(1);
  }

  @Test
  void shouldFlagAnotherScriptAndAnotherLayout() {
    assertThat(distance("哪条河是亚洲最长的河流？请从下面的选项中选择一个。")).isGreaterThan(1);
    assertThat(distance("def longest(rivers):\n    return max(rivers, key=len)\n"))
        .isGreaterThan(1);
  }

  @Test
  void shouldMeasureQueriesWithoutTextsByTheirVectors() {
    List<String> usual = sentences(FACTS, 1000, 7);
    double[] vectors =
        usual.stream().mapToDouble(text -> scorer.score(vector(text)).distance()).toArray();

    assertThat(Arrays.stream(vectors).filter(d -> d > 1).count() / 1000.0).isBetween(0.005, 0.12);
  }

  @Test
  void shouldMeasureTheSameAfterWritingAndReading() {
    RouterScorer read = new RouterScorer(RouterModel.fromBytes(model.toBytes()));

    for (String text :
        List.of("", "?", "Which river is the longest of all in Asia\nA. yes\nB. no")) {
      assertThat(read.score(vector(text), text, null).distance())
          .isEqualTo(distance(text), within(1e-4));
    }
  }

  @Test
  void shouldRefuseBytesOfAnotherVersion() {
    byte[] bytes = Objects.requireNonNull(guard().familiarity()).toBytes();
    bytes[0] = 9;

    assertThatThrownBy(() -> Familiarity.fromBytes(bytes))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("version 9");
  }

  @Test
  void shouldFitFewQueriesAndEqualOnes() {
    // when there is next to nothing to fit on, or always the same
    RouterModel few = model(sentences(SUMS, 12, 8), new int[12]);
    RouterModel equal = model(Collections.nCopies(60, "What is it?"), new int[60]);

    // then distances are numbers all the same
    for (RouterModel tiny : List.of(few, equal)) {
      double distance =
          new RouterScorer(tiny).score(vector("What is it?"), "What?", null).distance();
      assertThat(distance).isFinite();
    }
  }

  @Test
  void shouldTakeSmallTasksTogether() {
    int[] task = new int[300];
    Arrays.setAll(task, i -> i < 100 ? 7 : i < 250 ? 3 : i);

    int[] large = GuardFit.largeTasks(task);

    assertThat(large[0]).isEqualTo(1);
    assertThat(large[100]).isZero();
    assertThat(Arrays.copyOfRange(large, 250, 300)).containsOnly(2);
  }

  private static Guard guard() {
    return Objects.requireNonNull(model.guard());
  }

  private static RouterModel model(List<String> texts, int[] task) {
    float[][] vectors = texts.stream().map(GuardFitTest::vector).toArray(float[][]::new);
    QueryFeatures features = new QueryFeatures(Matrix.of(new float[1][DIMENSION]), true, List.of());
    float[][] x =
        Arrays.stream(new FeatureWriter(features).writeAll(vectors))
            .map(row -> Arrays.copyOf(row, DIMENSION))
            .toArray(float[][]::new);
    Guard guard =
        GuardFit.fit(x, texts, task, QUANTILE, new SplittableRandom(1), StopSignal.never());
    float[][] llm = new float[1][DIMENSION + 1];
    llm[0][0] = 1;
    return new RouterModel(
        "guarded",
        new EncoderId("words", "00112233aabb", DIMENSION),
        List.of("llm"),
        features,
        null,
        Matrix.of(llm),
        null,
        1,
        Calibration.shared(1, 1, 0),
        guard,
        Map.of());
  }

  private static double flagged(List<String> texts, UnaryOperator<String> changed) {
    return texts.stream().filter(text -> distance(changed.apply(text)) > 1).count()
        / (double) texts.size();
  }

  private static double distance(String text) {
    return scorer.score(vector(text), text, null).distance();
  }

  private static List<String> sentences(List<List<String>> grammar, int count, long seed) {
    Random random = new Random(seed);
    List<String> sentences = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      List<String> parts = new ArrayList<>();
      for (List<String> choices : grammar) {
        parts.add(choices.get(random.nextInt(choices.size())));
      }
      sentences.add(String.join(" ", parts));
    }
    return sentences;
  }

  private static float[] vector(String text) {
    float[] sum = new float[DIMENSION];
    sum[0] = 0.1f;
    for (String word : text.split("\\s+")) {
      SplittableRandom random = new SplittableRandom(word.hashCode());
      for (int j = 0; j < DIMENSION; j++) {
        sum[j] += (float) random.nextGaussian();
      }
    }
    Vectors.normalise(sum);
    return sum;
  }

  private static String shuffledWords(String text, Random random) {
    List<String> words = new ArrayList<>(List.of(text.split("\\s+")));
    Collections.shuffle(words, random);
    return String.join(" ", words);
  }

  private static String shuffledWithinWords(String text, Random random) {
    List<String> words = new ArrayList<>();
    for (String word : text.split(" ")) {
      List<String> letters = new ArrayList<>(List.of(word.split("")));
      Collections.shuffle(letters, random);
      words.add(String.join("", letters));
    }
    return String.join(" ", words);
  }

  private static String noise(int length, Random random) {
    StringBuilder noise = new StringBuilder();
    for (int i = 0; i < length; i++) {
      noise.append((char) ('a' + random.nextInt(26)));
    }
    return noise.toString();
  }
}
