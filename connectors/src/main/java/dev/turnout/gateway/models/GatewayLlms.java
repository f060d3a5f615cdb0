package dev.turnout.gateway.models;

import dev.turnout.kafka.Clients;
import dev.turnout.kafka.LoopState;
import dev.turnout.kafka.SupervisedLoop;
import dev.turnout.kafka.TopicTail;
import dev.turnout.schema.LlmProfile;
import dev.turnout.schema.LlmStatus;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.serde.SkippingDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Follows the topic of the LLMs' profiles. A profile that cannot be read leaves what was known of
 * its LLM.
 */
public final class GatewayLlms implements RegisteredLlms, AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(500);

  private final Deserializer<LlmProfile> profiles;
  private final CountDownLatch started = new CountDownLatch(1);
  private final SupervisedLoop loop;
  private volatile SortedMap<String, LlmProfile> llms = Collections.emptySortedMap();

  /**
   * Starts following.
   *
   * @param kafka settings of the clients
   * @param serde settings of the serdes
   * @param topic with the profiles
   */
  public GatewayLlms(Map<String, Object> kafka, Map<String, Object> serde, String topic) {
    this.profiles = AvroSerdes.of(LlmProfile.class, serde).deserializer();
    TopicTail<byte[], byte[]> tail = TopicTail.fromBeginning(Clients.reader(kafka), List.of(topic));
    this.loop =
        SupervisedLoop.start(
            "gateway-llms",
            tail.body(
                () -> {
                  tail.poll(POLL, this::read);
                  if (started.getCount() > 0 && tail.caughtUp()) {
                    started.countDown();
                  }
                }));
  }

  /** Waits until every LLM that was registered before is known; false when that takes too long. */
  public boolean awaitStart(Duration longest) throws InterruptedException {
    return started.await(longest.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** How following goes. */
  public LoopState loop() {
    return loop.state();
  }

  @Override
  public SortedMap<String, LlmProfile> all() {
    return Collections.unmodifiableSortedMap(llms);
  }

  private void read(ConsumerRecord<byte[], byte[]> record) {
    if (record.key() == null) {
      return;
    }
    String id = new String(record.key(), StandardCharsets.UTF_8);
    if (record.value() == null) {
      llms = without(id);
      return;
    }
    SkippingDecoder.decode(profiles, record)
        .ifPresent(
            profile -> {
              SortedMap<String, LlmProfile> changed = without(id);
              if (profile.getStatus() != LlmStatus.RETIRED) {
                changed.put(id, profile);
              }
              llms = changed;
            });
  }

  private SortedMap<String, LlmProfile> without(String id) {
    SortedMap<String, LlmProfile> others = new TreeMap<>(llms);
    others.remove(id);
    return others;
  }

  @Override
  public void close() {
    loop.close();
  }
}
