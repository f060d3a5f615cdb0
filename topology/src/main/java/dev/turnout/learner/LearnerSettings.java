package dev.turnout.learner;

import static dev.turnout.config.SettingKind.DURATION;
import static dev.turnout.config.SettingKind.FLAG;
import static dev.turnout.config.SettingKind.SEED;
import static dev.turnout.config.SettingKind.SHARE;
import static dev.turnout.config.SettingKind.TEXT;
import static dev.turnout.config.SettingKind.choice;
import static dev.turnout.config.SettingKind.number;
import static dev.turnout.config.SettingKind.whole;

import dev.turnout.belief.GraderWeights;
import dev.turnout.belief.LearningSettings;
import dev.turnout.config.ConnectionSettings;
import dev.turnout.config.RoleSettings;
import dev.turnout.config.Setting;
import dev.turnout.config.SettingGroup;
import dev.turnout.config.SettingKind;
import dev.turnout.config.SettingValues;
import dev.turnout.kafka.StartFrom;
import dev.turnout.offpolicy.GateSettings;
import dev.turnout.offpolicy.rollout.RollbackSettings;
import dev.turnout.offpolicy.rollout.StageSettings;
import dev.turnout.streams.StateMemory;
import dev.turnout.topic.FieldLimits;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * Everything that makes a learner. What a component does, which values it takes and what it is
 * unless set stands at its key, below.
 *
 * @param applicationId prefix of the learner's group and application ids
 * @param learning what the learner believes and how fast it forgets
 * @param graderWeights how much the grades of some graders count
 * @param window samples that posteriors and candidates are learnt from
 */
public record LearnerSettings(
    ConnectionSettings connection,
    String applicationId,
    Join join,
    Training training,
    Duration trainingLimit,
    LearningSettings learning,
    GraderWeights graderWeights,
    GateSettings gate,
    StageSettings stages,
    RollbackSettings rollback,
    Duration publishEvery,
    int window)
    implements RoleSettings {

  /** The keys below {@code learner}. */
  public static final SettingGroup KEYS = SettingGroup.closed("learner", "turnout learner");

  private static final GateSettings GATE = GateSettings.defaults();
  private static final RollbackSettings ROLLBACK = RollbackSettings.defaults();
  private static final SettingKind<Double> CONFIDENCE = number(0.501, 0.9999);

  private static final Setting<String> APPLICATION_ID =
      KEYS.key("application-id", TEXT)
          .doc(
              "Learners of the same id share the work; one trains, the others stand by; empty is the"
                  + " prefix of the topics with -learner.");
  private static final Setting<StartFrom> FROM =
      KEYS.key("from", choice(StartFrom.class), "latest")
          .doc(
              "Where learners of a new application id start on the grades: at the end, with the"
                  + " decisions of the window before, or with the earliest; later they go on where"
                  + " they stand. Samples are always read from the beginning.");
  private static final Setting<Duration> WINDOW =
      KEYS.key("window", DURATION, "24h")
          .doc("How long a decision waits for grades, by the records' timestamps.");
  private static final Setting<Duration> PATIENCE =
      KEYS.key("patience", DURATION, "10m")
          .doc("How long a grade waits for its decision before it is dead-lettered, likewise.");
  static final Setting<Integer> PARTITIONS =
      KEYS.key("partitions", whole(1, 1_000), 6)
          .doc(
              "Partitions of the learner's own topics, over which decisions, outcomes and grades are"
                  + " spread by query id; cannot change for an application id unless its state is"
                  + " given up.");
  private static final Setting<Integer> CAPACITY =
      KEYS.key("capacity", whole(1), 200_000)
          .doc("Most decisions, and most grades, held by one task; the oldest leave first.");
  private static final Setting<Double> GRADES_PER_SECOND =
      KEYS.key("grades-per-second", number(0.001), 1000)
          .doc(
              "Rate of one grader, for each partition of the feedback topic; what is above it is"
                  + " dead-lettered.");
  private static final Setting<Double> GRADE_BURST =
      KEYS.key("grade-burst", number(1), 10_000)
          .doc("Grades that one grader may give at once, likewise.");
  private static final Setting<String> STATE_DIR =
      KEYS.key("state-dir", TEXT)
          .doc(
              "Where the state of the join is kept, for one process; empty is a directory of its own"
                  + " below ~/.local/state/turnout. What is lost is restored from Kafka.");
  private static final Setting<Integer> STATE_MEMORY =
      KEYS.key("state-memory-mib", whole(StateMemory.FEWEST), 256)
          .doc(
              "Memory outside the heap that all state stores of this learner take together, in MiB;"
                  + " what is beyond it is read from disk.");
  private static final Setting<Boolean> COLD_START =
      KEYS.key("cold-start", FLAG, true)
          .doc("Publish a model that knows nothing when there is none.");
  private static final Setting<Integer> CELLS =
      KEYS.key("cells", whole(0, FieldLimits.CELLS), 12).doc("Cells of every model.");
  private static final Setting<Integer> CELLS_AFTER =
      KEYS.key("cells-after", whole(1), 250)
          .doc("Samples after which a cold model gets cells; renewed as samples double.");
  private static final Setting<Integer> TRAIN_AFTER_GRADES =
      KEYS.key("train-after-grades", whole(1), 1000)
          .doc("New samples after which a candidate is trained.");
  private static final Setting<Duration> TRAIN_AFTER =
      KEYS.key("train-after", DURATION, "1h").doc("Time after which one is trained anyway.");
  private static final Setting<Double> HELD_OUT =
      KEYS.key("held-out", SHARE, 0.25).doc("Latest share of the samples, to judge candidates on.");
  private static final Setting<Boolean> WARM_START =
      KEYS.key("warm-start", FLAG, false)
          .doc(
              "Train candidates on from the serving model, its cells and its weights as the prior,"
                  + " instead of anew; discovers new LLMs more slowly.");
  private static final Setting<Double> PROPENSITY_CLIP =
      KEYS.key("propensity-clip", number(1), 2)
          .doc("Most that a grade of an unlikely choice counts in training; 1 counts all alike.");
  private static final Setting<Duration> TRAINING_LIMIT =
      KEYS.key("training-limit", DURATION, "10m")
          .doc("Longest time of one training; one that takes longer is given up.");
  private static final Setting<Integer> SAMPLES =
      KEYS.key("samples", whole(100), 20_000)
          .doc(
              "Latest samples that are learnt from; about 2 kB of memory each, three times that while"
                  + " training is behind.");
  private static final Setting<Duration> PUBLISH_EVERY =
      KEYS.key("publish-every", DURATION, "250ms")
          .doc("Shortest pause between two updates of the routers' beliefs.");
  private static final Setting<Double> HALF_LIFE =
      KEYS.key("half-life", number(1), LearningSettings.defaults().halfLife())
          .doc("Samples after which a grade counts half.");
  private static final Setting<GraderWeights> GRADER_WEIGHTS =
      KEYS.key(
              "grader-weights",
              SettingKind.of(
                  "names of graders with weights from 0 to 1, e.g. implicit*=0.1, thumbs*=0.5",
                  GraderWeights::parse),
              "implicit*=0.1, thumbs*=0.5")
          .doc(
              "How much the grades of a grader count, whatever is learnt of it; an asterisk stands"
                  + " for any end of a name, the first that fits holds, others count 1.");
  private static final Setting<Double> GATE_MARGIN =
      KEYS.key("gate-margin", number(-1, 1), GATE.margin())
          .doc("A candidate must surely be better by more than this; -0.01 is: not worse by 0.01.");
  private static final Setting<Double> GATE_CONFIDENCE =
      KEYS.key("gate-confidence", CONFIDENCE, GATE.confidence())
          .doc("How sure the gate must be, one-sided.");
  private static final Setting<Integer> GATE_SAMPLES =
      KEYS.key("gate-samples", whole(2), GATE.minSamples())
          .doc("Fewest held-out samples on which a candidate is judged.");
  private static final Setting<Double> GATE_EFFECTIVE_SAMPLES =
      KEYS.key("gate-effective-samples", number(0), GATE.minEffectiveSamples())
          .doc("Fewest of them in effect, as far as they say something about its choices.");
  private static final Setting<List<Double>> STAGES =
      KEYS.key(
              "stages",
              SettingKind.of(
                  "rising stages that end with 1, e.g. shadow, 0.1, 1", LearnerSettings::stages),
              1)
          .doc(
              "What a candidate that passed the gate climbs: shadow (scored, never served), then"
                  + " shares of the queries; 1 promotes at once.");
  private static final Setting<Integer> STAGE_GRADES =
      KEYS.key("stage-grades", whole(1), StageSettings.immediate().grades())
          .doc("Graded queries that each stage takes.");
  private static final Setting<Boolean> WATCH =
      KEYS.key("rollback", FLAG, ROLLBACK.watchesPromoted())
          .doc("Watch a promoted model and return to the one before if it earns less.");
  private static final Setting<Double> ROLLBACK_MARGIN =
      KEYS.key("rollback-margin", number(0, 0.99), ROLLBACK.margin())
          .doc("Drop of the mean reward that is tolerated.");
  private static final Setting<Double> ROLLBACK_CONFIDENCE =
      KEYS.key("rollback-confidence", CONFIDENCE, ROLLBACK.confidence())
          .doc("How sure a roll-back must be of the drop, over all looks.");
  private static final Setting<Integer> ROLLBACK_FEWEST =
      KEYS.key("rollback-fewest", whole(2), ROLLBACK.fewest())
          .doc("Graded queries of either model before one is taken back.");
  private static final Setting<Integer> ROLLBACK_WATCH =
      KEYS.key("rollback-watch", whole(2), ROLLBACK.watched())
          .doc("Graded queries after which a promoted model is no longer watched.");
  private static final Setting<Long> RANDOM_SEED =
      KEYS.key("seed", SEED, 1).doc("Seed of every random choice.");

  /**
   * How grades find their decisions.
   *
   * @param from where a new join starts
   * @param partitions of the join's own topics
   * @param stateDir directory of the state stores; empty for one of its own
   * @param stateMemoryMib memory of all state stores together, outside the heap
   */
  public record Join(
      StartFrom from,
      Duration window,
      Duration patience,
      int partitions,
      int capacity,
      double gradesPerSecond,
      double gradeBurst,
      String stateDir,
      int stateMemoryMib) {

    static Join from(SettingValues values) {
      int partitions = values.get(PARTITIONS);
      int memory = values.get(STATE_MEMORY);
      if (memory < partitions) {
        values.report(
            STATE_MEMORY,
            "is "
                + memory
                + ", but each of the "
                + partitions
                + " partitions (learner.partitions) needs 1 MiB");
      }
      return new Join(
          values.get(FROM),
          values.get(WINDOW),
          values.get(PATIENCE),
          partitions,
          values.get(CAPACITY),
          values.get(GRADES_PER_SECOND),
          values.get(GRADE_BURST),
          values.get(STATE_DIR),
          Math.max(partitions, memory));
    }
  }

  /**
   * When and how candidates are trained.
   *
   * @param after time, by the samples' timestamps, after which a candidate is trained if there are
   *     at least 200 new samples
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

    static Training from(SettingValues values) {
      return new Training(
          values.get(COLD_START),
          values.get(CELLS),
          values.get(CELLS_AFTER),
          values.get(TRAIN_AFTER_GRADES),
          values.get(TRAIN_AFTER),
          values.get(HELD_OUT),
          values.get(WARM_START),
          values.get(PROPENSITY_CLIP),
          values.get(RANDOM_SEED));
    }
  }

  /** Binds the settings. */
  public static LearnerSettings from(SettingValues values) {
    return new LearnerSettings(
        ConnectionSettings.from(values),
        ConnectionSettings.applicationId(values, APPLICATION_ID, "learner"),
        Join.from(values),
        Training.from(values),
        values.get(TRAINING_LIMIT),
        LearningSettings.defaults().withHalfLife(values.get(HALF_LIFE)),
        values.get(GRADER_WEIGHTS),
        new GateSettings(
            values.get(GATE_MARGIN),
            values.get(GATE_CONFIDENCE),
            values.get(GATE_SAMPLES),
            values.get(GATE_EFFECTIVE_SAMPLES)),
        new StageSettings(values.get(STAGES), values.get(STAGE_GRADES)),
        rollback(values),
        values.get(PUBLISH_EVERY),
        values.get(SAMPLES));
  }

  @Override
  public List<String> requiredTopics() {
    return List.of(
        topics().decisions(),
        topics().outcomes(),
        topics().feedback(),
        topics().samples(),
        topics().posteriors(),
        topics().models(),
        topics().llms(),
        topics().dlq());
  }

  /** The same with other beliefs, which have no keys. */
  public LearnerSettings withLearning(LearningSettings other) {
    return new LearnerSettings(
        connection,
        applicationId,
        join,
        training,
        trainingLimit,
        other,
        graderWeights,
        gate,
        stages,
        rollback,
        publishEvery,
        window);
  }

  private static List<Double> stages(String text) {
    List<Double> shares =
        Arrays.stream(text.split(",", -1))
            .map(String::strip)
            .map(word -> word.equals("shadow") ? 0 : Double.parseDouble(word))
            .toList();
    return new StageSettings(shares, 1).shares();
  }

  private static RollbackSettings rollback(SettingValues values) {
    int fewest = values.get(ROLLBACK_FEWEST);
    int watch = values.get(ROLLBACK_WATCH);
    if (watch < fewest) {
      values.report(
          ROLLBACK_WATCH,
          "is " + watch + ", less than learner.rollback-fewest, which is " + fewest);
    }
    return new RollbackSettings(
        values.get(WATCH),
        values.get(ROLLBACK_MARGIN),
        values.get(ROLLBACK_CONFIDENCE),
        fewest,
        Math.max(fewest, watch));
  }
}
