package dev.turnout.console.traffic;

import dev.turnout.config.ConnectionSettings;
import dev.turnout.kafka.Clients;
import dev.turnout.kafka.CrashDetection;
import dev.turnout.kafka.LoopState;
import dev.turnout.kafka.StateDirectory;
import dev.turnout.streams.FailureHandling;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyWindowStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The counts of the traffic, kept by a Kafka Streams application in this process: exactly once, so
 * that a console that dies counts nothing twice. Safe for use by several threads.
 */
public final class TrafficCounts implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TrafficCounts.class);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration COMMIT = Duration.ofSeconds(2);
  private static final long CACHE_BYTES = 8L << 20;
  private static final int HANDFUL_BYTES = 1 << 20;
  private static final Duration HANDFUL_WAIT = Duration.ofMillis(200);

  /** Threads that may fail before the console says that it is not ready. */
  private static final int TOLERATED = Integer.MAX_VALUE;

  private final KafkaStreams streams;
  private final FailureHandling failures;
  private final StateDirectory state;
  private final Clock clock;
  private final Map<TrafficWindow, Read> reads = new EnumMap<>(TrafficWindow.class);

  /** A report and when it was made. */
  private record Read(TrafficReport report, long nanos) {}

  private TrafficCounts(
      KafkaStreams streams, FailureHandling failures, StateDirectory state, Clock clock) {
    this.streams = streams;
    this.failures = failures;
    this.state = state;
    this.clock = clock;
  }

  /**
   * Starts to count; the topics must exist.
   *
   * @param applicationId one process each
   * @param stateDir empty for a directory of its own
   * @param history how much of the past a new application counts
   * @param listener told of every record
   */
  public static TrafficCounts start(
      ConnectionSettings connection,
      String applicationId,
      String stateDir,
      Duration history,
      TrafficListener listener,
      MeterRegistry metrics,
      Clock clock) {
    Map<String, Object> clients = connection.clients();
    Map<String, Object> config = new HashMap<>();
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, applicationId);
    config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    config.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
    config.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, COMMIT.toMillis());
    config.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, CACHE_BYTES);
    config.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 1);
    // sums do not mind in which order the topics are read; to wait for the earliest of them costs a
    // look at every partition for each record
    config.put(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, StreamsConfig.MAX_TASK_IDLE_MS_DISABLED);
    // pages are brought up to date twice a second: a handful of records is taken at a time, since
    // asking the broker for each one costs more than counting it
    config.put(
        StreamsConfig.mainConsumerPrefix(ConsumerConfig.FETCH_MIN_BYTES_CONFIG), HANDFUL_BYTES);
    config.put(
        StreamsConfig.mainConsumerPrefix(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG),
        (int) HANDFUL_WAIT.toMillis());
    config.putAll(Clients.streamsDefaults());
    Map<String, Object> chosen = connection.kafka();
    CrashDetection.put(config, !chosen.containsKey(StreamsConfig.GROUP_PROTOCOL_CONFIG));
    config.putAll(chosen);
    StateDirectory state = StateDirectory.take(stateDir, applicationId, "console.state-dir");
    config.put(StreamsConfig.STATE_DIR_CONFIG, state.path().toString());
    FailureHandling failures =
        FailureHandling.of("console", connection.topics().dlq(), TOLERATED, metrics);
    failures.configure(config);
    Properties properties = new Properties();
    properties.putAll(config);
    KafkaStreams streams =
        new KafkaStreams(
            TrafficTopology.of(connection.topics(), clients, history, listener, clock), properties);
    failures.watch(streams);
    streams.start();
    return new TrafficCounts(streams, failures, state, clock);
  }

  /** What was counted in a window; what the last reading said while the stores cannot be read. */
  public synchronized TrafficReport report(TrafficWindow window) {
    Read last = reads.get(window);
    if (last != null && System.nanoTime() - last.nanos() < freshness(window).toNanos()) {
      return last.report();
    }
    TrafficReport report = read(window);
    if (report == null) {
      return last == null ? TrafficReport.empty(window, clock.instant()) : last.report();
    }
    reads.put(window, new Read(report, System.nanoTime()));
    return report;
  }

  /** A month is more to add up than five minutes, and changes less while one looks. */
  private static Duration freshness(TrafficWindow window) {
    return switch (window.level()) {
      case MINUTES -> Duration.ofMillis(400);
      case TEN_MINUTES -> Duration.ofSeconds(2);
      case TWO_HOURS -> Duration.ofSeconds(10);
    };
  }

  private @Nullable TrafficReport read(TrafficWindow window) {
    Instant now = clock.instant();
    Instant from = window.from(now);
    NavigableMap<Instant, Map<String, TrafficTally>> steps = new TreeMap<>();
    Map<String, TrafficTally> letters = new HashMap<>();
    try {
      ReadOnlyWindowStore<String, TrafficTally> store =
          streams.store(
              StoreQueryParameters.fromNameAndType(
                  window.level().store(), QueryableStoreTypes.windowStore()));
      try (KeyValueIterator<Windowed<String>, TrafficTally> all = store.fetchAll(from, now)) {
        while (all.hasNext()) {
          KeyValue<Windowed<String>, TrafficTally> each = all.next();
          String key = each.key.key();
          Map<String, TrafficTally> into =
              key.charAt(0) == TrafficProcessor.LLM
                  ? steps.computeIfAbsent(each.key.window().startTime(), at -> new TreeMap<>())
                  : letters;
          into.computeIfAbsent(key.substring(1), name -> new TrafficTally()).add(each.value);
        }
      }
    } catch (InvalidStateStoreException moving) {
      LOG.atDebug().setMessage("counts cannot be read at present").setCause(moving).log();
      return null;
    }
    return new TrafficReport(window, from, steps, letters, true);
  }

  /** How it is doing. */
  public LoopState state() {
    return failures.state("console-traffic", clock.instant());
  }

  @Override
  public void close() {
    failures.close();
    boolean closed =
        streams.close(
            CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP)
                .withTimeout(CLOSE_TIMEOUT));
    if (!closed) {
      LOG.atWarn()
          .setMessage("counting did not end in time")
          .addKeyValue("timeout", CLOSE_TIMEOUT)
          .log();
    }
    state.close();
  }
}
