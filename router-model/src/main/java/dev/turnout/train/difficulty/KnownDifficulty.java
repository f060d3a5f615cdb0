package dev.turnout.train.difficulty;

import dev.turnout.math.Vectors;
import dev.turnout.model.Matrix;
import dev.turnout.model.RouterModel;
import dev.turnout.model.SuccessHead;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a model's success head was trained to know of texts before it saw feedback. A head that was
 * learnt from logged choices adds axes of its own behind these; they are learnt anew with every
 * candidate, from a window that forgets, so that heads do not grow from one candidate to the next.
 *
 * @param design edges and words
 * @param traits {@code float[edges][axes]}
 * @param words {@code float[words][axes]}
 * @param loadings {@code float[llms][axes]}, of the LLMs asked for
 */
record KnownDifficulty(
    SurfaceDesign design, float[][] traits, float[][] words, float[][] loadings) {
  /** Key of a model's report: how many leading axes of its head feedback did not learn. */
  static final String AXES = "head_known_axes";

  /**
   * Reads a model's head; an LLM that the model does not know has the mean of the others.
   *
   * @return null without a head, or if its head was learnt from feedback alone
   */
  static @Nullable KnownDifficulty of(RouterModel model, List<String> llms) {
    SuccessHead head = model.head();
    if (head == null) {
      return null;
    }
    String stated = model.report().get(AXES);
    int axes = stated == null ? head.axes() : Integer.parseInt(stated);
    if (axes == 0) {
      return null;
    }
    List<float[]> edges = new ArrayList<>();
    List<float[]> traits = new ArrayList<>();
    select(head.edges(), head.traitAxes(), axes, edges, traits);
    List<float[]> words = new ArrayList<>();
    List<float[]> ofWords = new ArrayList<>();
    select(head.words(), head.wordAxes(), axes, words, ofWords);
    float[][] known =
        Arrays.stream(head.llms().toRows())
            .map(row -> Arrays.copyOfRange(row, SuccessHead.LOADINGS, SuccessHead.LOADINGS + axes))
            .toArray(float[][]::new);
    float[] mean = Vectors.narrowed(Vectors.mean(List.of(known)));
    float[][] loadings =
        llms.stream()
            .mapToInt(model.llms()::indexOf)
            .mapToObj(t -> t < 0 ? mean : known[t])
            .toArray(float[][]::new);
    SurfaceDesign design =
        new SurfaceDesign(edges.toArray(float[][]::new), words.toArray(float[][]::new));
    if (design.isEmpty()) {
      return null;
    }
    return new KnownDifficulty(
        design, traits.toArray(float[][]::new), ofWords.toArray(float[][]::new), loadings);
  }

  private static void select(
      Matrix keys, Matrix weights, int axes, List<float[]> keptKeys, List<float[]> kept) {
    for (int row = 0; row < keys.rows(); row++) {
      float[] some = Arrays.copyOf(weights.row(row), axes);
      if (Vectors.length(some) > 0) {
        keptKeys.add(keys.row(row));
        kept.add(some);
      }
    }
  }

  /** Number of axes. */
  int axes() {
    return loadings[0].length;
  }

  /**
   * What is known of the texts of graded queries.
   *
   * @param difficulty where it is known from
   * @param traits weights of traits by the texts' design, {@code double[edges][axes]}
   * @param words weights of words likewise
   * @param text what it says of the LLM of each grade, in logits
   * @param mean of that, weighted
   * @param deviation of that, weighted, > 0
   */
  record Opinion(
      KnownDifficulty difficulty,
      double[][] traits,
      double[][] words,
      double[] text,
      double mean,
      double deviation) {
    /**
     * As an input for regression: in deviations from its mean, so that it makes no difference by
     * how much an earlier candidate believed in it.
     */
    double input(int grade) {
      return (text[grade] - mean) / deviation;
    }
  }

  /**
   * What is known of texts.
   *
   * @param texts of the grades, by a design that has all edges and words of this one
   */
  Opinion of(SurfaceDesign.Rows texts, LoggedGrades grades) {
    double[][] ofTraits = new double[texts.design().edges().length][axes()];
    for (int e = 0; e < traits.length; e++) {
      ofTraits[texts.design().edge(design.edges()[e])] = Vectors.widened(traits[e]);
    }
    double[][] ofWords = new double[texts.design().words().length][axes()];
    for (int w = 0; w < words.length; w++) {
      ofWords[texts.design().word(design.words()[w])] = Vectors.widened(words[w]);
    }
    double[] text = new double[grades.size()];
    double sum = 0;
    double mass = 1e-12;
    for (int i = 0; i < text.length; i++) {
      double[] y = texts.traits().times(i, ofTraits, axes());
      Vectors.add(1, texts.words().times(i, ofWords, axes()), y);
      text[i] = Vectors.dot(y, loadings[grades.llm()[i]]);
      sum += grades.weight()[i] * text[i];
      mass += grades.weight()[i];
    }
    double mean = sum / mass;
    double squares = 0;
    for (int i = 0; i < text.length; i++) {
      squares += grades.weight()[i] * (text[i] - mean) * (text[i] - mean);
    }
    double deviation = Math.max(Math.sqrt(squares / mass), 1e-6);
    return new Opinion(this, ofTraits, ofWords, text, mean, deviation);
  }
}
