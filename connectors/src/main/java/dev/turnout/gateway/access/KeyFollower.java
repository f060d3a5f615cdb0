package dev.turnout.gateway.access;

import dev.turnout.gateway.limit.TrafficLimits;
import dev.turnout.kafka.Clients;
import dev.turnout.kafka.LoopState;
import dev.turnout.kafka.SupervisedLoop;
import dev.turnout.kafka.TopicTail;
import dev.turnout.registry.rest.Outage;
import dev.turnout.schema.ApiKey;
import dev.turnout.schema.Tenant;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.topic.LogText;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows all sources of keys, and what tenants may take.
 *
 * <p>What holds at all times:
 *
 * <ul>
 *   <li><b>Nobody gets in before all keys are known</b>: there is no snapshot until the topics have
 *       been read to the end they had at the start.
 *   <li><b>A key's record that cannot be read closes the key</b>, since it may be the revocation.
 *       Of a tenant the last readable limits stay. Of the file, what stood there before stays.
 *   <li><b>A key that ends never opens the gateway</b>: a revoked one stays on the topic, so that a
 *       gateway without valid keys differs from one that never had any.
 * </ul>
 */
final class KeyFollower implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KeyFollower.class);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration FILE_EVERY = Duration.ofMillis(500);

  private final AccessSettings settings;
  private final Deserializer<ApiKey> keyRecords;
  private final Deserializer<Tenant> tenantRecords;
  private final @Nullable KeyFile file;
  private final Consumer<Snapshot> changed;
  private final List<AccessKey> ofTokens;
  private final Map<String, AccessKey> ofTopic = new HashMap<>();
  private final Map<String, TrafficLimits> tenants = new HashMap<>();
  private final TopicTail<byte[], byte[]> tail;
  private final SupervisedLoop loop;
  private final CountDownLatch caughtUp = new CountDownLatch(1);
  private List<AccessKey> ofFile = List.of();
  private byte[] fileBytes = {};
  private String fileProblem = "";
  private long fileReadNanos;
  private boolean stale = true;
  private volatile Snapshot snapshot = new Snapshot(KeyRing.EMPTY, Map.of());

  /** What holds at one moment. */
  record Snapshot(KeyRing keys, Map<String, TrafficLimits> tenants) {
    Snapshot {
      tenants = Map.copyOf(tenants);
    }

    TrafficLimits limitsOf(String tenant) {
      return tenants.getOrDefault(tenant, TrafficLimits.NONE);
    }
  }

  /**
   * Starts to follow.
   *
   * @param changed told of every new snapshot, on the follower's thread
   * @throws IllegalArgumentException if the file of keys cannot be read
   */
  KeyFollower(AccessSettings settings, Consumer<Snapshot> changed) {
    this.settings = settings;
    this.changed = changed;
    this.ofTokens = ofTokens(settings.tokens());
    this.file = settings.keysFile() == null ? null : new KeyFile(settings.keysFile());
    if (file != null) {
      fileBytes = file.bytes();
      ofFile = file.parse(fileBytes).stream().map(AccessKey::of).toList();
      fileReadNanos = System.nanoTime();
    }
    Map<String, Object> serde = settings.connection().registry();
    this.keyRecords = AvroSerdes.of(ApiKey.class, serde).deserializer();
    this.tenantRecords = AvroSerdes.of(Tenant.class, serde).deserializer();
    this.tail =
        TopicTail.fromBeginning(
            Clients.reader(settings.connection().kafka()),
            List.of(
                settings.connection().topics().keys(), settings.connection().topics().tenants()));
    this.loop = SupervisedLoop.start("gateway-keys", tail.body(this::turn));
  }

  /** Keys with all rights for the default tenant. */
  static List<AccessKey> ofTokens(List<String> tokens) {
    List<AccessKey> keys = new ArrayList<>();
    for (String token : tokens) {
      keys.add(
          new AccessKey(
              "gateway.tokens-" + (keys.size() + 1),
              KeySecret.hash(token),
              Caller.DEFAULT_TENANT,
              Rights.ALL,
              TrafficLimits.NONE,
              List.of(),
              null,
              null));
    }
    return keys;
  }

  /** Waits until all keys are known; false when that takes too long. */
  boolean awaitCaughtUp(Duration within) throws InterruptedException {
    return caughtUp.await(within.toMillis(), TimeUnit.MILLISECONDS);
  }

  Snapshot snapshot() {
    return snapshot;
  }

  LoopState state() {
    return loop.state();
  }

  private void turn() {
    tail.poll(POLL, this::read);
    readFile();
    if (stale && tail.caughtUp()) {
      Snapshot next = new Snapshot(KeyRing.of(ofTokens, ofTopic.values(), ofFile), tenants);
      changed.accept(next);
      snapshot = next;
      stale = false;
      caughtUp.countDown();
    }
  }

  private void read(ConsumerRecord<byte[], byte[]> record) {
    if (record.key() == null) {
      return;
    }
    String key = new String(record.key(), StandardCharsets.UTF_8);
    boolean ofKey = record.topic().equals(settings.connection().topics().keys());
    try {
      if (ofKey) {
        readKey(key, keyRecords.deserialize(record.topic(), record.value()));
      } else {
        readTenant(key, tenantRecords.deserialize(record.topic(), record.value()));
      }
      stale = true;
    } catch (RuntimeException failure) {
      if (Outage.isBehind(failure)) {
        throw failure; // the record is not to blame and is read again
      }
      LOG.atError()
          .setMessage(
              ofKey
                  ? "a key's record cannot be read; the key lets nobody in"
                  : "a tenant's record cannot be read; its last limits stay")
          .addKeyValue("key", LogText.of(key))
          .addKeyValue("topic", record.topic())
          .addKeyValue("partition", record.partition())
          .addKeyValue("offset", record.offset())
          .setCause(failure)
          .log();
      if (ofKey) {
        ofTopic.put(key, AccessKey.closed());
        stale = true;
      }
    }
  }

  private void readKey(String id, @Nullable ApiKey key) {
    if (key == null) {
      ofTopic.remove(id);
      return;
    }
    if (!key.getId().equals(id)) {
      throw new IllegalArgumentException(
          "the record of key \"" + id + "\" is about key \"" + key.getId() + "\"");
    }
    ofTopic.put(id, AccessKey.of(key));
  }

  private void readTenant(String name, @Nullable Tenant tenant) {
    TrafficLimits limits =
        tenant == null
            ? TrafficLimits.NONE
            : new TrafficLimits(
                tenant.getRequestsPerMinute(),
                tenant.getTokensPerMinute(),
                tenant.getConcurrency());
    if (limits.isNone()) {
      tenants.remove(name);
    } else {
      tenants.put(name, limits);
    }
  }

  private void readFile() {
    long now = System.nanoTime();
    if (file == null || now - fileReadNanos < FILE_EVERY.toNanos()) {
      return;
    }
    fileReadNanos = now;
    try {
      byte[] bytes = file.bytes();
      if (!Arrays.equals(bytes, fileBytes)) {
        fileBytes = bytes;
        ofFile = file.parse(bytes).stream().map(AccessKey::of).toList();
        stale = true;
        LOG.atInfo().setMessage("keys file read").addKeyValue("keys", ofFile.size()).log();
      }
      fileProblem = "";
    } catch (IllegalArgumentException broken) {
      String problem = String.valueOf(broken.getMessage());
      if (!problem.equals(fileProblem)) {
        LOG.atError()
            .setMessage("the keys file cannot be used; what stood there before stays")
            .addKeyValue("problem", LogText.of(problem))
            .log();
      }
      fileProblem = problem;
    }
  }

  @Override
  public void close() {
    loop.close();
    keyRecords.close();
    tenantRecords.close();
  }
}
