package dev.turnout.learner;

import dev.turnout.feedback.LearningSettings;
import dev.turnout.ope.GateSettings;
import dev.turnout.topic.TopicCatalogue;
import java.time.Duration;
import java.util.Map;

/**
 * Everything that makes a learner; start from {@link #of} and change with the withers.
 *
 * @param bootstrapServers the brokers
 * @param applicationId prefix of the learner's group and application ids; learners of the same id
 *     share the work, one of them folds
 * @param topics names of all topics
 * @param join how grades find their decisions
 * @param training when and how candidates are trained
 * @param learning what the learner believes and how fast it forgets
 * @param gate when a candidate is promoted
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
    LearningSettings learning,
    GateSettings gate,
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
   * @param after time after which a candidate is trained if there are at least 200 new samples
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
        LearningSettings.defaults(),
        GateSettings.defaults(),
        Duration.ofMillis(250),
        20_000,
        serdes,
        Map.of());
  }

  /** These settings with other topics. */
  public LearnerSettings withTopics(TopicCatalogue value) {
    return new LearnerSettings(
        bootstrapServers,
        applicationId,
        value,
        join,
        training,
        learning,
        gate,
        publishEvery,
        window,
        serdes,
        kafka);
  }

  /** These settings with another application id. */
  public LearnerSettings withApplicationId(String value) {
    return new LearnerSettings(
        bootstrapServers,
        value,
        topics,
        join,
        training,
        learning,
        gate,
        publishEvery,
        window,
        serdes,
        kafka);
  }

  /** These settings with another join. */
  public LearnerSettings withJoin(Join value) {
    return new LearnerSettings(
        bootstrapServers,
        applicationId,
        topics,
        value,
        training,
        learning,
        gate,
        publishEvery,
        window,
        serdes,
        kafka);
  }

  /** These settings with another pause between updates of the posteriors. */
  public LearnerSettings withPublishEvery(Duration value) {
    return new LearnerSettings(
        bootstrapServers,
        applicationId,
        topics,
        join,
        training,
        learning,
        gate,
        value,
        window,
        serdes,
        kafka);
  }

  /** These settings with another training. */
  public LearnerSettings withTraining(Training value) {
    return new LearnerSettings(
        bootstrapServers,
        applicationId,
        topics,
        join,
        value,
        learning,
        gate,
        publishEvery,
        window,
        serdes,
        kafka);
  }

  /** These settings with other beliefs of the learner. */
  public LearnerSettings withLearning(LearningSettings value) {
    return new LearnerSettings(
        bootstrapServers,
        applicationId,
        topics,
        join,
        training,
        value,
        gate,
        publishEvery,
        window,
        serdes,
        kafka);
  }

  /** These settings with other Kafka client settings. */
  public LearnerSettings withKafka(Map<String, Object> value) {
    return new LearnerSettings(
        bootstrapServers,
        applicationId,
        topics,
        join,
        training,
        learning,
        gate,
        publishEvery,
        window,
        serdes,
        value);
  }
}
