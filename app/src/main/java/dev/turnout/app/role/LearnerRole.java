package dev.turnout.app.role;

import dev.turnout.app.config.LearnerConfig;
import dev.turnout.app.config.TurnoutConfig;
import dev.turnout.belief.LearningSettings;
import dev.turnout.encoder.EncoderId;
import dev.turnout.encoder.Encoders;
import dev.turnout.encoder.QueryEncoder;
import dev.turnout.learner.Learner;
import dev.turnout.learner.LearnerSettings;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;

/** A learner: joins decisions with grades, keeps posteriors, trains and judges candidates. */
public final class LearnerRole implements RunningRole {

  private final Learner learner;

  private LearnerRole(Learner learner) {
    this.learner = learner;
  }

  public static LearnerRole start(TurnoutConfig config, MeterRegistry metrics) {
    Topics.createIfWished(config);
    EncoderId encoder;
    // Only its identity is needed: samples carry their vectors.
    try (QueryEncoder opened = Encoders.open(config.encoder().settings())) {
      encoder = opened.id();
    }
    return new LearnerRole(Learner.start(settings(config), encoder, metrics));
  }

  /** The learner's settings. */
  static LearnerSettings settings(TurnoutConfig config) {
    LearnerConfig learner = config.learner();
    return LearnerSettings.builder(config.kafka().bootstrapServers())
        .serdes(config.registry().serdeSettings())
        .topics(config.topics().catalogue())
        .applicationId(learner.applicationId())
        .training(
            new LearnerSettings.Training(
                learner.coldStart(),
                learner.cells(),
                learner.cellsAfter(),
                learner.afterGrades(),
                learner.after(),
                learner.heldOut(),
                learner.warmStart(),
                learner.propensityClip(),
                learner.seed()))
        .trainingLimit(learner.trainingLimit())
        .learning(LearningSettings.defaults().withHalfLife(learner.halfLife()))
        .gate(learner.gate())
        .stages(learner.stages())
        .rollback(learner.rollback())
        .publishEvery(learner.publishEvery())
        .window(learner.samples())
        .join(
            new LearnerSettings.Join(
                learner.window(),
                learner.patience(),
                learner.capacity(),
                learner.gradesPerSecond(),
                learner.gradeBurst(),
                learner.stateDir().orElse("")))
        .kafka(Map.copyOf(config.kafka().further()))
        .build();
  }

  @Override
  public Health health() {
    boolean live = learner.isAlive();
    boolean running = learner.isRunning();
    return new Health(
        running, live, live && running, live && running ? List.of() : List.of(learner.condition()));
  }

  @Override
  public void close() {
    learner.close();
  }
}
