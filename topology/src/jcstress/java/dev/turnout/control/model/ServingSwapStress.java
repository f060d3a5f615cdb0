package dev.turnout.control.model;

import dev.turnout.control.llm.LlmDirectory;
import dev.turnout.control.llm.RegisteredLlm;
import dev.turnout.encoder.EncoderId;
import dev.turnout.model.Calibration;
import dev.turnout.model.Matrix;
import dev.turnout.model.QueryFeatures;
import dev.turnout.model.RouterModel;
import dev.turnout.schema.LlmProfile;
import dev.turnout.schema.LlmStatus;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/**
 * Two followers swap what is served, the models' and the LLMs', while a stream thread looks. What
 * must hold: a reader sees model, rollout and embeddings of one and the same moment, and in the end
 * neither follower's word is lost.
 */
public final class ServingSwapStress {
  private static final RouterModel OLD = model("old");
  private static final RouterModel NEW = model("new");
  private static final LlmDirectory JOINED =
      LlmDirectory.of(
          List.of(
              new RegisteredLlm(
                  LlmProfile.newBuilder()
                      .setId("joined")
                      .setTopic("requests.joined")
                      .setStatus(LlmStatus.ACTIVE)
                      .setUpdatedAt(Instant.EPOCH)
                      .build(),
                  null)));

  private ServingSwapStress() {}

  private static RouterModel model(String version) {
    float[] embedding = new float[5];
    Arrays.fill(embedding, version.length() + version.charAt(0));
    return new RouterModel(
        version,
        new EncoderId("tiny", "000000000001", 4),
        List.of("only"),
        new QueryFeatures(Matrix.of(new float[1][4]), false, List.of()),
        null,
        Matrix.of(new float[][] {embedding}),
        null,
        1,
        Calibration.shared(1, 1, 0),
        null,
        Map.of());
  }

  private static Rollout promotionOf(RouterModel model) {
    return new Rollout(new Rollout.Incumbent(model.version(), Instant.EPOCH, null), null, null);
  }

  private static void serve(ServingState live, RouterModel model) {
    live.serve(model.withReport(Map.of("of", model.version())), null, promotionOf(model));
  }

  /** What one look shows, in a word: the version if all agree on it, else the contradiction. */
  private static String look(ServingState live) {
    ServingSnapshot serving = live.serving();
    RouterModel model = serving.model();
    Rollout.Incumbent incumbent = serving.rollout().incumbent();
    if (model == null || incumbent == null) {
      return "nothing";
    }
    boolean whole =
        model.version().equals(incumbent.version())
            && model.version().equals(model.report().get("of"))
            && model.llmEmbeddings().equals(model(model.version()).llmEmbeddings());
    return whole ? model.version() : model.version() + " torn from " + incumbent.version();
  }

  /** A follower learns of an LLM and promotes, a stream thread looks twice. */
  @JCStressTest
  @Outcome(
      id = {"old, old", "old, new", "new, new"},
      expect = Expect.ACCEPTABLE,
      desc = "whole pictures, never an older one after a newer one")
  @Outcome(expect = Expect.FORBIDDEN, desc = "a torn picture, or one that goes back")
  @State
  public static class Reader {
    private final ServingState live = new ServingState();

    /** Begins with the old model. */
    public Reader() {
      serve(live, OLD);
    }

    /** What the followers do. Not two actors: jcstress leaves out what needs a third processor. */
    @Actor
    public void follow() {
      live.replaceDirectory(JOINED);
      serve(live, NEW);
    }

    /** A stream thread. */
    @Actor
    public void route(LL_Result result) {
      result.r1 = look(live);
      result.r2 = look(live);
    }
  }

  /** Two followers at once: the later swap keeps what the earlier one brought. */
  @JCStressTest
  @Outcome(id = "new, true", expect = Expect.ACCEPTABLE, desc = "both are kept")
  @Outcome(expect = Expect.FORBIDDEN, desc = "a follower's word is lost")
  @State
  public static class Writers {
    private final ServingState live = new ServingState();

    /** Begins with the old model. */
    public Writers() {
      serve(live, OLD);
    }

    /** The follower of the models topic. */
    @Actor
    public void promote() {
      serve(live, NEW);
    }

    /** The follower of the LLMs topic. */
    @Actor
    public void join() {
      live.replaceDirectory(JOINED);
    }

    /** When both are done. */
    @Arbiter
    public void end(LL_Result result) {
      result.r1 = look(live);
      result.r2 = live.serving().directory().find("joined") != null;
    }
  }
}
