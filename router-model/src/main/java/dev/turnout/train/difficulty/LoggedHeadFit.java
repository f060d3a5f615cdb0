package dev.turnout.train.difficulty;

import dev.turnout.belief.StopSignal;
import dev.turnout.math.Logistic;
import dev.turnout.model.RouterModel;
import dev.turnout.model.Sphere;
import dev.turnout.model.SuccessHead;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Fits a {@link SuccessHead} where every answer is a choice that was logged: one LLM a query. A
 * single LLM has too few grades to tell what texts mean to it alone, so what is learnt of a text is
 * its difficulty for all: what the cells leave of the grades is regressed on traits and on words,
 * all LLMs together, and a logistic regression says how much each LLM minds, shrunk to what all do.
 *
 * <p>What holds at all times:
 *
 * <ul>
 *   <li>What a serving model's head knew of texts before feedback ({@link KnownDifficulty}) is one
 *       input among others, so that few grades change little of it. What feedback adds replaces it
 *       only where held-out log-loss falls by more than its standard error; what was known is given
 *       up only where it harms by as much.
 *   <li>Everything that is weighed against the grades was predicted without the question's own
 *       fold, the regressions and the cells among it.
 *   <li>What feedback adds is learnt anew from the window every time, beside what was known before;
 *       so a head's size is bounded by the vocabulary however many candidates came before, and
 *       grades that the window forgot are forgotten here.
 *   <li>Sums are taken in the order of the log on one thread: equal logs give equal heads.
 * </ul>
 *
 * @param llms of the model
 * @param grades oldest first
 * @param stop ends it with a {@link java.util.concurrent.CancellationException}
 */
public record LoggedHeadFit(List<String> llms, LoggedGrades grades, StopSignal stop) {
  /** With fewer, nothing is learnt of texts. */
  private static final int FEWEST_GRADES = 200;

  /** Inputs that come from the cells: advantage and easiness. */
  static final int CELLS = 2;

  /**
   * What was found.
   *
   * @param head null when the cells alone predict as well
   * @param heldOut success of the LLM of each grade, predicted without its question's fold
   * @param report on the head, for people and for the next candidate
   */
  public record Fitted(@Nullable SuccessHead head, double[] heldOut, Map<String, String> report) {}

  /**
   * The head for a model.
   *
   * @param model assembled from linear weights, with a sphere
   * @param serving whose head is the start; null for none
   */
  public Fitted fit(RouterModel model, @Nullable RouterModel serving) {
    KnownDifficulty known = serving == null ? null : KnownDifficulty.of(serving, llms);
    Sphere sphere = model.sphere();
    double[] plain = new double[grades.size()];
    for (int i = 0; i < plain.length; i++) {
      double success = grades.advantage()[i] + grades.easiness()[i];
      plain[i] = Logistic.sigmoid(HeadFit.LOGITS * success);
    }
    if (sphere == null || plain.length == 0 || (known == null && plain.length < FEWEST_GRADES)) {
      return new Fitted(null, plain, Map.of());
    }
    double scale = HeadFit.LOGITS * sphere.queryRadius() * sphere.llmRadius();
    return known == null ? unaided(plain, scale) : aided(plain, known, scale);
  }

  private Fitted unaided(double[] plain, double scale) {
    SurfaceDesign.Rows texts = design().rows(grades.surfaces());
    if (texts.design().isEmpty()) {
      return new Fitted(null, plain, Map.of());
    }
    LearntText learnt = learn(texts, null, plain);
    LoggedGrades.Gain gain = grades.gain(plain, learnt.heldOut());
    return gain.gain() > gain.error()
        ? new Fitted(learnt.head(texts, null, scale), learnt.heldOut(), report("learnt", 0, gain))
        : new Fitted(null, plain, report("none", 0, gain));
  }

  private Fitted aided(double[] plain, KnownDifficulty known, double scale) {
    boolean few = plain.length < FEWEST_GRADES;
    SurfaceDesign design = few ? known.design() : design().with(known.design());
    SurfaceDesign.Rows texts = design.rows(grades.surfaces());
    KnownDifficulty.Opinion opinion = known.of(texts, grades);
    if (few) {
      LearntText kept = asKnown(opinion);
      return new Fitted(
          kept.head(texts, opinion, scale),
          kept.heldOut(),
          report("kept", known.axes(), new LoggedGrades.Gain(0, 0)));
    }
    LearntText kept = stacked(inputs(opinion, null, null));
    LoggedGrades.Gain ofKnown = grades.gain(plain, kept.heldOut());
    if (ofKnown.gain() < -ofKnown.error()) {
      return unaided(plain, scale);
    }
    LearntText learnt = learn(texts, opinion, kept.heldOut());
    LoggedGrades.Gain gain = grades.gain(kept.heldOut(), learnt.heldOut());
    boolean better = gain.gain() > gain.error();
    LearntText chosen = better ? learnt : kept;
    return new Fitted(
        chosen.head(texts, opinion, scale),
        chosen.heldOut(),
        report(better ? "learnt" : "kept", known.axes(), gain));
  }

  private Map<String, String> report(String how, int knownAxes, LoggedGrades.Gain gain) {
    double all = Math.max(Arrays.stream(grades.weight()).sum(), 1e-12);
    Map<String, String> report = new TreeMap<>();
    report.put("head", how);
    report.put(KnownDifficulty.AXES, Integer.toString(knownAxes));
    report.put("head_gain", String.format(Locale.ROOT, "%.4f", gain.gain() / all));
    report.put("head_gain_error", String.format(Locale.ROOT, "%.4f", gain.error() / all));
    return report;
  }

  /** Each question's text counts once. */
  private SurfaceDesign design() {
    return SurfaceDesign.of(List.copyOf(new LinkedHashSet<>(grades.surfaces())));
  }

  /** Everything that is known counts for what it says. */
  private LearntText asKnown(KnownDifficulty.Opinion known) {
    double[][] inputs = inputs(known, null, null);
    double[][] coefficients = new double[llms.size()][inputs[0].length + 1];
    for (double[] own : coefficients) {
      Arrays.fill(own, 0, CELLS, 1);
      own[CELLS] = known.deviation();
    }
    HeadStack stack = new HeadStack(coefficients);
    double[] heldOut = new double[inputs.length];
    for (int i = 0; i < heldOut.length; i++) {
      heldOut[i] = Logistic.sigmoid(stack.logit(grades.llm()[i], inputs[i]));
    }
    return new LearntText(stack, heldOut, null, null);
  }

  /** Learns what the texts add to a prediction of the grades. */
  private LearntText learn(
      SurfaceDesign.Rows texts, KnownDifficulty.@Nullable Opinion known, double[] predicted) {
    float[][] left = new float[predicted.length][1];
    for (int i = 0; i < left.length; i++) {
      left[i][0] = (float) (grades.reward()[i] - predicted[i]);
    }
    double[] byTraits = new double[left.length];
    double[] byWords = new double[left.length];
    for (int f = 0; f < grades.folds(); f++) {
      stop.check();
      double[] kept = grades.without(f);
      SparseRidge traits = SparseRidge.fit(texts.traits(), left, kept, HeadFit.TRAIT_PENALTY);
      SparseRidge words = SparseRidge.fit(texts.words(), left, kept, HeadFit.WORD_PENALTY);
      for (int i = 0; i < left.length; i++) {
        if (grades.fold()[i] == f) {
          byTraits[i] = HeadFit.LOGITS * traits.beyondMean(texts.traits(), i)[0];
          byWords[i] = HeadFit.LOGITS * words.beyondMean(texts.words(), i)[0];
        }
      }
    }
    LearntText learnt = stacked(inputs(known, byTraits, byWords));
    return new LearntText(
        learnt.stack(),
        learnt.heldOut(),
        SparseRidge.fit(texts.traits(), left, grades.weight(), HeadFit.TRAIT_PENALTY),
        SparseRidge.fit(texts.words(), left, grades.weight(), HeadFit.WORD_PENALTY));
  }

  /** What the cells say, then what was known of texts, then what the regressions say. */
  private double[][] inputs(
      KnownDifficulty.@Nullable Opinion known,
      double @Nullable [] traits,
      double @Nullable [] words) {
    double[][] inputs = new double[grades.size()][];
    for (int i = 0; i < inputs.length; i++) {
      double[] row = new double[CELLS + (known == null ? 0 : 1) + (traits == null ? 0 : 2)];
      row[0] = HeadFit.LOGITS * grades.advantage()[i];
      row[1] = HeadFit.LOGITS * grades.easiness()[i];
      int next = CELLS;
      if (known != null) {
        row[next++] = known.input(i);
      }
      if (traits != null && words != null) {
        row[next++] = traits[i];
        row[next] = words[i];
      }
      inputs[i] = row;
    }
    return inputs;
  }

  private LearntText stacked(double[][] inputs) {
    double[] heldOut = new double[inputs.length];
    for (int f = 0; f < grades.folds(); f++) {
      stop.check();
      HeadStack stack = stack(inputs, grades.without(f));
      for (int i = 0; i < inputs.length; i++) {
        if (grades.fold()[i] == f) {
          heldOut[i] = Logistic.sigmoid(stack.logit(grades.llm()[i], inputs[i]));
        }
      }
    }
    return new LearntText(stack(inputs, grades.weight()), heldOut, null, null);
  }

  private HeadStack stack(double[][] inputs, double[] weights) {
    List<GradedInput> all = new ArrayList<>();
    for (int i = 0; i < inputs.length; i++) {
      all.add(new GradedInput(grades.llm()[i], inputs[i], grades.reward()[i], weights[i]));
    }
    return HeadStack.fit(llms.size(), all);
  }
}
