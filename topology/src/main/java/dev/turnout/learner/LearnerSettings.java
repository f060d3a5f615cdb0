package dev.turnout.learner;

import dev.turnout.feedback.LearningSettings;
import dev.turnout.ope.GateSettings;
import dev.turnout.ope.RollbackSettings;
import dev.turnout.ope.StageSettings;
import dev.turnout.topic.TopicCatalogue;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Everything that makes a learner; start from {@link #of} and change with the withers.
 *
 * @param bootstrapServers the brokers
 * @param applicationId prefix of the learner's group and application ids; learners of the same id
 *     share the work, one of them folds
 * @param topics names of all topics
 * @param join how grades find their decisions
 * @param training when and how candidates are trained
 * @param trainingLimit longest time of one training; one that takes longer is given up
 * @param learning what the learner believes and how fast it forgets
 * @param gate when a candidate is promoted
 * @param stages what a candidate that passed the gate climbs before it serves alone
 * @param rollback when live rewards take a model back
 * @param publishEvery shortest pause between two updates of the posteriors
 * @param window samples that posteriors and candidates are learnt from; about 2 kB each
 * @param serdes settings of the Avro serdes and the schema registry
 * @param kafka settings passed through to all Kafka clients; they win over ours
 */
public record LearnerSettings(
    String bootstrapServers,
    String applicationId,
    TopicCatalogue topics,
    Join join,
    Training training,
    Duration trainingLimit,
    LearningSettings learning,
    GateSettings gate,
    StageSettings stages,
    RollbackSettings rollback,
    Duration publishEvery,
    int window,
    Map<String, Object> serdes,
    Map<String, Object> kafka) {
  public LearnerSettings {
    serdes = Map.copyOf(serdes);
    kafka = Map.copyOf(kafka);
    if (window < 1) {
      throw new IllegalArgumentException(
          "learner settings: window is " + window + ", not positive");
    }
  }

  /**
   * How grades find their decisions.
   *
   * @param window how long a decision waits for grades
   * @param patience how long a grade waits for its decision before it is dead-lettered
   * @param capacity most decisions, and most grades, held by one task; the oldest leave first
   * @param gradesPerSecond rate of one grader; what is above it is dead-lettered
   * @param gradeBurst grades that one grader may give at once
   * @param stateDir directory of the state stores; empty takes Kafka Streams' own
   */
  public record Join(
      Duration window,
      Duration patience,
      int capacity,
      double gradesPerSecond,
      double gradeBurst,
      String stateDir) {}

  /**
   * When and how candidates are trained.
   *
   * @param coldStart whether a model that knows nothing is published when there is none
   * @param cells cells of every model
   * @param cellsAfter samples after which the cold model gets cells; they are renewed as samples
   *     double until a trained model serves
   * @param afterGrades new samples after which a candidate is trained
   * @param after time, by the samples' timestamps, after which a candidate is trained if there are
   *     at least 200 new samples
   * @param heldOut share of the samples, the latest, on which a candidate is judged
   * @param seed of every random choice
   */
  public record Training(
      boolean coldStart,
      int cells,
      int cellsAfter,
      int afterGrades,
      Duration after,
      double heldOut,
      long seed) {}

  /** The defaults. */
  public static LearnerSettings of(String bootstrapServers, Map<String, Object> serdes) {
    return new LearnerSettings(
        bootstrapServers,
        "turnout-learner",
        TopicCatalogue.standard(),
        new Join(Duration.ofHours(24), Duration.ofMinutes(10), 200_000, 1_000, 10_000, ""),
        new Training(true, 12, 250, 1_000, Duration.ofHours(1), 0.25, 1),
        Duration.ofMinutes(10),
        LearningSettings.defaults(),
        GateSettings.defaults(),
        StageSettings.immediate(),
        RollbackSettings.defaults(),
        Duration.ofMillis(250),
        20_000,
        serdes,
        Map.of());
  }

  /** These settings with other topics. */
  public LearnerSettings withTopics(TopicCatalogue value) {
    return with(changed -> changed.topics = value);
  }

  /** These settings with another application id. */
  public LearnerSettings withApplicationId(String value) {
    return with(changed -> changed.applicationId = value);
  }

  /** These settings with another join. */
  public LearnerSettings withJoin(Join value) {
    return with(changed -> changed.join = value);
  }

  /** These settings with another pause between updates of the posteriors. */
  public LearnerSettings withPublishEvery(Duration value) {
    return with(changed -> changed.publishEvery = value);
  }

  /** These settings with another training. */
  public LearnerSettings withTraining(Training value) {
    return with(changed -> changed.training = value);
  }

  /** These settings with another longest time of a training. */
  public LearnerSettings withTrainingLimit(Duration value) {
    return with(changed -> changed.trainingLimit = value);
  }

  /** These settings with other beliefs. */
  public LearnerSettings withLearning(LearningSettings value) {
    return with(changed -> changed.learning = value);
  }

  /** These settings with another gate. */
  public LearnerSettings withGate(GateSettings value) {
    return with(changed -> changed.gate = value);
  }

  /** These settings with other stages. */
  public LearnerSettings withStages(StageSettings value) {
    return with(changed -> changed.stages = value);
  }

  /** These settings with another roll-back. */
  public LearnerSettings withRollback(RollbackSettings value) {
    return with(changed -> changed.rollback = value);
  }

  /** These settings with another number of samples held. */
  public LearnerSettings withWindow(int value) {
    return with(changed -> changed.window = value);
  }

  /** These settings with other Kafka client settings. */
  public LearnerSettings withKafka(Map<String, Object> value) {
    return with(changed -> changed.kafka = value);
  }

  private LearnerSettings with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.settled();
  }

  /** Settings that are being changed. */
  private static final class Draft {
    private final LearnerSettings from;
    private String applicationId;
    private TopicCatalogue topics;
    private Join join;
    private Training training;
    private Duration trainingLimit;
    private LearningSettings learning;
    private GateSettings gate;
    private StageSettings stages;
    private RollbackSettings rollback;
    private Duration publishEvery;
    private int window;
    private Map<String, Object> kafka;

    Draft(LearnerSettings from) {
      this.from = from;
      this.applicationId = from.applicationId;
      this.topics = from.topics;
      this.join = from.join;
      this.training = from.training;
      this.trainingLimit = from.trainingLimit;
      this.learning = from.learning;
      this.gate = from.gate;
      this.stages = from.stages;
      this.rollback = from.rollback;
      this.publishEvery = from.publishEvery;
      this.window = from.window;
      this.kafka = from.kafka;
    }

    LearnerSettings settled() {
      return new LearnerSettings(
          from.bootstrapServers,
          applicationId,
          topics,
          join,
          training,
          trainingLimit,
          learning,
          gate,
          stages,
          rollback,
          publishEvery,
          window,
          from.serdes,
          kafka);
    }
  }
}
