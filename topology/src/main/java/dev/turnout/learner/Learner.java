package dev.turnout.learner;

import dev.turnout.control.TopicFollower;
import dev.turnout.control.llm.LlmTopicListener;
import dev.turnout.control.model.ModelTopicListener;
import dev.turnout.control.model.ServingState;
import dev.turnout.encoder.EncoderId;
import dev.turnout.kafka.Clients;
import dev.turnout.kafka.CrashDetection;
import dev.turnout.kafka.GroupStart;
import dev.turnout.kafka.LoopHealth;
import dev.turnout.kafka.LoopState;
import dev.turnout.kafka.OverdueTransactions;
import dev.turnout.kafka.StateDirectory;
import dev.turnout.learner.join.FeedbackTopology;
import dev.turnout.learner.loop.LearnerLoop;
import dev.turnout.learner.rollout.ModelEvents;
import dev.turnout.router.RouterMetrics;
import dev.turnout.streams.FailureHandling;
import dev.turnout.streams.InternalPartitions;
import dev.turnout.streams.RecordsLag;
import dev.turnout.streams.StateMemory;
import dev.turnout.streams.StateMemorySetter;
import dev.turnout.topic.GroupNames;
import dev.turnout.topic.TopicCatalogue;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The learner: a Kafka Streams join of decisions and grades into samples, exactly once, and the
 * fold of samples into posteriors and models. Several may run: the join shares its partitions, all
 * fold, one acts on it and the others stand by with the same state.
 */
public final class Learner implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Learner.class);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(15);
  private static final int THREAD_REPLACEMENTS = 5;

  /** Name of the Kafka Streams client among the loops. */
  private static final String JOIN = "turnout-learner-join";

  private static final Duration CATCH_UP = Duration.ofSeconds(30);

  private final LearnerSettings settings;
  private final List<AutoCloseable> closeables = new ArrayList<>();
  private final List<Supplier<LoopState>> loops = new ArrayList<>();
  private final LearnerLoop fold;
  private final StateMemory memory;
  private final FailureHandling failures;
  private final KafkaStreams join;
  private final Map<String, Object> producer;

  private Learner(LearnerSettings settings, EncoderId encoder, MeterRegistry registry) {
    this.settings = settings;
    Map<String, Object> clients = settings.connection().clients();
    ServingState live = new ServingState();
    TopicFollower models = follow(clients, encoder, live);
    LearnerMetrics metrics = new LearnerMetrics(registry);
    this.memory =
        new StateMemory(
            settings.join().stateMemoryMib(),
            FeedbackTopology.storesOfATask() * settings.join().partitions());
    metrics.stateMemory(memory);
    this.fold =
        new LearnerLoop(
            settings,
            clients,
            encoder,
            live,
            modelsTopic(models, clients),
            metrics,
            Clock.systemUTC());
    loops.add(fold::loop);
    this.failures =
        FailureHandling.of("join", settings.topics().dlq(), THREAD_REPLACEMENTS, registry);
    Properties config = streamsConfig();
    this.join = new KafkaStreams(FeedbackTopology.of(settings, clients, metrics, failures), config);
    TopicCatalogue topics = settings.topics();
    metrics.watchLag(
        new RecordsLag(join, Set.of(topics.decisions(), topics.outcomes(), topics.feedback())));
    this.producer = new StreamsConfig(config).getProducerConfigs(joinId(settings));
    failures.watch(join);
    loops.add(() -> failures.state(JOIN, Instant.now()));
  }

  /**
   * Starts a learner; the topics must exist.
   *
   * @param encoder the encoder of the routers; samples of others are skipped
   * @throws IllegalStateException if what is stored is spread over another number of partitions
   */
  public static Learner start(LearnerSettings settings, EncoderId encoder, MeterRegistry registry) {
    requirePartitions(settings);
    // before anything is opened: what cannot be settled leaves nothing behind
    GroupStart.settle(
        settings.connection().clients(),
        joinId(settings),
        Map.of(
            // a grade that comes from now on may be of an answer from before
            settings.topics().decisions(),
            settings.join().window(),
            settings.topics().outcomes(),
            settings.join().window(),
            settings.topics().feedback(),
            Duration.ZERO),
        settings.join().from(),
        "learner.from");
    Learner learner = new Learner(settings, encoder, registry);
    learner.fold.start();
    learner.join.start();
    learner.closeables.add(
        OverdueTransactions.start(
            settings.connection().clients(), joinId(settings), learner.producer));
    return learner;
  }

  /** How the learner is doing; cheap enough for a probe. */
  public LearnerStatus status() {
    return fold.status();
  }

  /**
   * Whether the learner can still do its work: the join's client has not died, its threads do not
   * keep failing for unknown causes, nor has the loop of the fold or of a follower ended.
   * Partitions that move are no death, nor is an outage.
   */
  public boolean isAlive() {
    KafkaStreams.State state = join.state();
    boolean joins = state.isRunningOrRebalancing() || state == KafkaStreams.State.CREATED;
    Instant now = Instant.now();
    return joins && loops(now).live() && !failures.isExhausted(now);
  }

  /** What keeps the learner from its work at this moment, in words; empty when nothing does. */
  public List<String> problems() {
    return problems(Instant.now());
  }

  List<String> problems(Instant now) {
    List<String> problems = new ArrayList<>();
    if (!isRunning()) {
      problems.add("the join is " + join.state());
    }
    problems.addAll(loops(now).problems());
    return problems;
  }

  private LoopHealth loops(Instant now) {
    return LoopHealth.of(loops.stream().map(Supplier::get).toList(), now);
  }

  /** Whether the join runs. */
  public boolean isRunning() {
    return join.state() == KafkaStreams.State.RUNNING;
  }

  private ModelEvents.Follower modelsTopic(TopicFollower follower, Map<String, Object> clients) {
    TopicPartition partition = new TopicPartition(settings.topics().models(), 0);
    return new ModelEvents.Follower() {
      @Override
      public long end() {
        try (Consumer<byte[], byte[]> consumer = Clients.reader(clients)) {
          return consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
        }
      }

      @Override
      public boolean hasRead(long offset) {
        return follower.hasRead(offset);
      }
    };
  }

  private TopicFollower follow(Map<String, Object> clients, EncoderId encoder, ServingState live) {
    Admin admin = Clients.admin(clients);
    closeables.add(admin);
    // the router's own metrics of the model that serves are not the learner's
    TopicFollower models =
        ModelTopicListener.follow(
            settings.topics().models(), clients, encoder, live, RouterMetrics.unobserved());
    closeables.add(models);
    loops.add(models::state);
    TopicFollower llms =
        LlmTopicListener.follow(clients, admin, settings.topics(), (short) -1, live);
    closeables.add(llms);
    loops.add(llms::state);
    try {
      if (!models.awaitCaughtUp(CATCH_UP) || !llms.awaitCaughtUp(CATCH_UP)) {
        LOG.atWarn()
            .setMessage("models and LLM profiles unread; the learner starts with what is known")
            .addKeyValue("deadline", CATCH_UP)
            .log();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the learner was starting", e);
    }
    return models;
  }

  /** Before anything is read: with another number of partitions nothing would be found again. */
  private static void requirePartitions(LearnerSettings settings) {
    try (Admin admin = Clients.admin(settings.connection().clients())) {
      InternalPartitions.require(
          admin,
          FeedbackTopology.internalTopics(joinId(settings)),
          settings.join().partitions(),
          LearnerSettings.PARTITIONS.key());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the learner was starting", e);
    }
  }

  private static String joinId(LearnerSettings settings) {
    return GroupNames.join(settings.applicationId());
  }

  private Properties streamsConfig() {
    Map<String, Object> config = new HashMap<>();
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, joinId(settings));
    config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers());
    config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    config.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
    config.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
    StateMemorySetter.configure(config, memory);
    CrashDetection.put(config, !settings.kafka().containsKey(StreamsConfig.GROUP_PROTOCOL_CONFIG));
    // with a second learner its state is kept up there too
    config.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, 1);
    // grades wait at most this long for their commit, which is the fast path's longest pause
    config.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 100);
    config.putAll(Clients.streamsDefaults());
    config.putAll(settings.kafka());
    String chosen =
        String.valueOf(
            settings
                .kafka()
                .getOrDefault(StreamsConfig.STATE_DIR_CONFIG, settings.join().stateDir()));
    StateDirectory state = StateDirectory.take(chosen, joinId(settings), "learner.state-dir");
    closeables.add(state);
    config.put(StreamsConfig.STATE_DIR_CONFIG, state.path().toString());
    failures.configure(config);
    Properties properties = new Properties();
    properties.putAll(config);
    return properties;
  }

  @Override
  public void close() {
    fold.close();
    failures.close();
    // without leaving, whoever takes over would wait out this one's session
    boolean closed =
        join.close(
            CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP)
                .withTimeout(CLOSE_TIMEOUT));
    if (closed) {
      // no earlier: a store that is still open would read freed memory
      memory.close();
    } else {
      LOG.atWarn()
          .setMessage("join did not close in time")
          .addKeyValue("timeout", CLOSE_TIMEOUT)
          .log();
    }
    for (int i = closeables.size() - 1; i >= 0; i--) {
      try {
        closeables.get(i).close();
      } catch (Exception e) {
        LOG.atWarn()
            .setMessage("closing failed")
            .addKeyValue("part", closeables.get(i))
            .setCause(e)
            .log();
      }
    }
    closeables.clear();
  }
}
