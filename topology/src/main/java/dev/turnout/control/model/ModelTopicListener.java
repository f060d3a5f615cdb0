package dev.turnout.control.model;

import dev.turnout.control.TopicFollower;
import dev.turnout.control.TopicListener;
import dev.turnout.encoder.EncoderId;
import dev.turnout.model.RouterModel;
import dev.turnout.model.RouterScorer;
import dev.turnout.schema.RouterModelRecord;
import dev.turnout.topic.LogText;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the models topic and keeps the {@link ServingState} at the latest promoted version that
 * loads: assembled from its chunks, its digest, format and encoder checked, warmed, then swapped
 * in, all on the follower's own thread, so routing never pauses. A bad model is refused, counted in
 * {@code turnout_model_rejected_total} and logged; the last good one goes on serving.
 */
public final class ModelTopicListener implements TopicListener<RouterModelRecord> {
  private static final Logger LOG = LoggerFactory.getLogger(ModelTopicListener.class);
  private static final int WARMING_ROUNDS = 200;

  /** The guard reads texts. */
  private static final String WARMING_TEXT = "Which of these queries is usual, and why?";

  private final EncoderId encoder;
  private final ServingState live;
  private final ServingMetrics metrics;
  private final ModelTopicState state = new ModelTopicState(ModelTopicState.KEPT_ARTEFACTS);
  private final Map<String, RouterModel> loaded = new HashMap<>();
  private final Set<String> rejected = new HashSet<>();
  private boolean changed;

  ModelTopicListener(EncoderId encoder, ServingState live, ServingMetrics metrics) {
    this.encoder = encoder;
    this.live = live;
    this.metrics = metrics;
  }

  /**
   * Starts to follow.
   *
   * @param topic the models topic
   * @param config Kafka client settings, {@code bootstrap.servers} among them, and those of the
   *     Avro serde
   * @param encoder the running encoder; models of another one are refused
   * @param live where the models go
   * @param metrics where rejections are counted
   */
  public static TopicFollower follow(
      String topic,
      Map<String, ?> config,
      EncoderId encoder,
      ServingState live,
      ServingMetrics metrics) {
    return TopicFollower.start(
        topic, config, RouterModelRecord.class, new ModelTopicListener(encoder, live, metrics));
  }

  /** Folds a record into the state, from which {@link #settle} serves. */
  @Override
  public void read(RouterModelRecord event) {
    switch (event.getKind()) {
      case CHUNK, MANIFEST -> {
        // what was wrong with a version may be right when it is published again
        rejected.remove(event.getVersion());
      }
      case PROMOTED, REJECTED, ROLLED_BACK, STAGED -> {
        LOG.atInfo()
            .setMessage("model event read")
            .addKeyValue("model", LogText.of(event.getVersion()))
            .addKeyValue("event", event.getKind())
            .addKeyValue("reason", LogText.of(String.valueOf(event.getReason())))
            .log();
        changed = true;
      }
    }
    state.apply(event);
  }

  @Override
  public void readTombstone(@Nullable String key) {
    if (key != null) {
      state.remove(key);
      changed = true;
    }
  }

  @Override
  public void skipped() {
    metrics.modelRejected();
  }

  @Override
  public void settle(boolean caughtUp) {
    if (!caughtUp || !changed) {
      return;
    }
    RouterModel model = latestGood();
    Rollout rollout = state.rollout();
    Rollout.Stage stage = rollout.stage();
    RouterModel canary = stage == null ? null : load(stage.version());
    Set<String> inUse = new HashSet<>();
    if (model != null) {
      inUse.add(model.version());
    }
    if (canary != null) {
      inUse.add(canary.version());
    }
    loaded.keySet().retainAll(inUse);
    live.serve(model, canary, rollout);
    live.obsoleteRecords(state.obsoleteKeys());
    // last, so that what could not be swapped in is tried again
    changed = false;
    metrics.modelServes(model == null ? null : model.version());
    metrics.modelStaged(canary == null ? null : canary.version(), rollout.canaryShare());
    if (model != null) {
      LOG.atInfo()
          .setMessage("model serves")
          .addKeyValue("model", LogText.of(model.version()))
          .addKeyValue("llms", model.llms().size())
          .log();
    }
  }

  private @Nullable RouterModel latestGood() {
    for (String version : state.latestFirst()) {
      RouterModel model = load(version);
      if (model != null) {
        return model;
      }
    }
    return null;
  }

  private @Nullable RouterModel load(String version) {
    RouterModel known = loaded.get(version);
    if (known != null) {
      return known;
    }
    if (rejected.contains(version)) {
      return null;
    }
    try {
      RouterModel model = read(version);
      warm(model);
      loaded.put(version, model);
      return model;
    } catch (RuntimeException e) {
      rejected.add(version);
      metrics.modelRejected();
      LOG.atError()
          .setMessage("model refused, the last good one goes on serving")
          .addKeyValue("model", LogText.of(version))
          .addKeyValue("problem", LogText.of(String.valueOf(e.getMessage())))
          .log();
      return null;
    }
  }

  private RouterModel read(String version) {
    RouterModel model = RouterModel.fromBytes(state.assemble(version)).requireEncoder(encoder);
    if (!model.version().equals(version)) {
      throw new ModelRejectedException(
          "model "
              + version
              + " holds an artefact that calls itself "
              + model.version()
              + "; publish it under its own version");
    }
    return model;
  }

  /** Scores a text often enough that the first query does not run interpreted code. */
  private static void warm(RouterModel model) {
    RouterScorer scorer = new RouterScorer(model);
    float[] embedding = new float[model.encoder().dimension()];
    embedding[0] = 1;
    for (int i = 0; i < WARMING_ROUNDS; i++) {
      double[] probability = scorer.score(embedding, WARMING_TEXT, null).probability();
      if (Double.isNaN(probability[0])) {
        throw new ModelRejectedException(
            "model " + model.version() + " scores NaN; train it again");
      }
    }
  }
}
