package dev.turnout.learner;

import dev.turnout.belief.LearningSettings;
import dev.turnout.offpolicy.GateSettings;
import dev.turnout.offpolicy.rollout.RollbackSettings;
import dev.turnout.offpolicy.rollout.StageSettings;
import dev.turnout.topic.TopicCatalogue;
import java.time.Duration;
import java.util.Map;

/**
 * Everything that makes a learner; start from {@link #builder}.
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
   * @param gradesPerSecond rate of one grader in one task, that is in one partition of the feedback
   *     topic; what is above it is dead-lettered
   * @param gradeBurst grades that one grader may give at once, likewise
   * @param stateDir directory of the state stores; empty takes Kafka Streams' own
   */
  public record Join(
      Duration window,
      Duration patience,
      int capacity,
      double gradesPerSecond,
      double gradeBurst,
      String stateDir) {

    /** A day for grades, ten minutes for decisions. */
    public static Join defaults() {
      return new Join(Duration.ofHours(24), Duration.ofMinutes(10), 200_000, 1_000, 10_000, "");
    }
  }

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
   * @param warmStart whether a candidate goes on from the serving model or begins anew
   * @param propensityClip most that a sample of an unlikely choice counts in training; 1 counts all
   *     alike
   * @param seed of every random choice
   */
  public record Training(
      boolean coldStart,
      int cells,
      int cellsAfter,
      int afterGrades,
      Duration after,
      double heldOut,
      boolean warmStart,
      double propensityClip,
      long seed) {

    /** A candidate after 1,000 grades or an hour. */
    public static Training defaults() {
      return new Training(true, 12, 250, 1_000, Duration.ofHours(1), 0.25, false, 2, 1);
    }
  }

  /**
   * Starts from the defaults.
   *
   * @param bootstrapServers the brokers, as {@code host:port,…}
   */
  public static Builder builder(String bootstrapServers) {
    return new Builder(bootstrapServers);
  }

  /** Collects settings; what is not set keeps its default. */
  public static final class Builder {
    private final String bootstrapServers;
    private String applicationId = "turnout-learner";
    private TopicCatalogue topics = TopicCatalogue.standard();
    private Join join = Join.defaults();
    private Training training = Training.defaults();
    private Duration trainingLimit = Duration.ofMinutes(10);
    private LearningSettings learning = LearningSettings.defaults();
    private GateSettings gate = GateSettings.defaults();
    private StageSettings stages = StageSettings.immediate();
    private RollbackSettings rollback = RollbackSettings.defaults();
    private Duration publishEvery = Duration.ofMillis(250);
    private int window = 20_000;
    private Map<String, Object> serdes = Map.of();
    private Map<String, Object> kafka = Map.of();

    private Builder(String bootstrapServers) {
      this.bootstrapServers = bootstrapServers;
    }

    public Builder applicationId(String value) {
      applicationId = value;
      return this;
    }

    public Builder topics(TopicCatalogue value) {
      topics = value;
      return this;
    }

    public Builder join(Join value) {
      join = value;
      return this;
    }

    public Builder training(Training value) {
      training = value;
      return this;
    }

    public Builder trainingLimit(Duration value) {
      trainingLimit = value;
      return this;
    }

    public Builder learning(LearningSettings value) {
      learning = value;
      return this;
    }

    public Builder gate(GateSettings value) {
      gate = value;
      return this;
    }

    public Builder stages(StageSettings value) {
      stages = value;
      return this;
    }

    public Builder rollback(RollbackSettings value) {
      rollback = value;
      return this;
    }

    public Builder publishEvery(Duration value) {
      publishEvery = value;
      return this;
    }

    public Builder window(int value) {
      window = value;
      return this;
    }

    /** Settings of the Avro serdes and the schema registry, e.g. {@code schema.registry.url}. */
    public Builder serdes(Map<String, ?> value) {
      serdes = Map.copyOf(value);
      return this;
    }

    /** Settings passed through to all Kafka clients; they win over ours. */
    public Builder kafka(Map<String, ?> value) {
      kafka = Map.copyOf(value);
      return this;
    }

    /**
     * The settings.
     *
     * @throws IllegalArgumentException naming the first setting that is wrong
     */
    public LearnerSettings build() {
      return new LearnerSettings(
          bootstrapServers,
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
          serdes,
          kafka);
    }
  }
}
