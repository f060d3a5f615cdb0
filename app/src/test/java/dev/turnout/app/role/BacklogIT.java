package dev.turnout.app.role;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.app.quickstart.Cluster;
import dev.turnout.config.SettingValues;
import dev.turnout.control.backlog.RequestBacklog;
import dev.turnout.control.llm.RegisteredLlm;
import dev.turnout.kafka.SupervisedLoop;
import dev.turnout.kafka.TransactionalSender;
import dev.turnout.llm.UnroutedRequest;
import dev.turnout.schema.LlmProfile;
import dev.turnout.schema.LlmStatus;
import dev.turnout.schema.Query;
import dev.turnout.schema.RoutedRequest;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.topic.TopicCatalogue;
import dev.turnout.worker.LlmWorker;
import dev.turnout.worker.WorkerSettings;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.function.DoublePredicate;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What scales a pool of workers from nothing and to nothing again. */
@Timeout(300)
class BacklogIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String LLM = "alpha";
  private static final TopicCatalogue TOPICS =
      TopicCatalogue.withPrefix("backlog").withPartitions(2);

  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();

  @Test
  void shouldTellHowManyRequestsWaitWhetherOrNotWorkersRun() throws Exception {
    // given: routers write in transactions, whose markers are no requests
    LlmProfile profile =
        LlmProfile.newBuilder()
            .setId(LLM)
            .setTopic(TOPICS.requests(LLM))
            .setStatus(LlmStatus.ACTIVE)
            .setUpdatedAt(Instant.now().truncatedTo(ChronoUnit.MILLIS))
            .build();
    try (Cluster cluster = Cluster.start(0, 0)) {
      cluster.prepare(TOPICS, List.of(profile));
      try (TransactionalSender router = TransactionalSender.of(cluster.settings(), "backlog-it");
          SupervisedLoop unusedBacklog =
              RequestBacklog.start(
                  cluster.settings(),
                  TOPICS,
                  () -> List.of(new RegisteredLlm(profile, null, null, true)),
                  metrics)) {
        router.takeOver();
        awaitBacklog("none yet", "backlog.workers.alpha", backlog -> backlog == 0);

        // when nobody has ever worked
        send(cluster, router, 5);

        // then all wait
        awaitBacklog("five", "backlog.workers.alpha", backlog -> backlog >= 5);

        // and for each delivery, changed from one to the other: none when they work
        for (String delivery : List.of("share-group", "consumer-group")) {
          String group = delivery.equals("share-group") ? "workers" : "consumer-workers";
          MoodyLlm llm = new MoodyLlm();
          try (LlmWorker unusedWorker = worker(cluster, delivery, llm)) {
            awaitBacklog("none", "backlog." + group + ".alpha", backlog -> backlog == 0);
          }
          assertThat(llm.calls).hasSizeGreaterThanOrEqualTo(5);

          // and those that come while none does
          send(cluster, router, 7);
          awaitBacklog("seven", "backlog." + group + ".alpha", backlog -> backlog >= 7);
        }
      }
    }
  }

  private static LlmWorker worker(Cluster cluster, String delivery, MoodyLlm llm) {
    Map<String, String> texts = cluster.texts(TOPICS);
    texts.put("worker.llm", LLM);
    texts.put("worker.delivery", delivery);
    return LlmWorker.start(
        WorkerSettings.from(SettingValues.of(texts)), llm, new SimpleMeterRegistry());
  }

  private static void send(Cluster cluster, TransactionalSender router, int requests) {
    var serializer = AvroSerdes.of(RoutedRequest.class, cluster.serdeSettings()).serializer();
    String topic = TOPICS.requests(LLM);
    for (int i = 0; i < requests; i++) {
      String id = "q-" + System.nanoTime();
      RoutedRequest request =
          UnroutedRequest.of(
              Query.newBuilder().setId(id).setText("a question").build(),
              LLM,
              "test",
              "a test",
              Instant.now().truncatedTo(ChronoUnit.MILLIS));
      router.send(
          List.of(
              new ProducerRecord<>(
                  topic,
                  id.getBytes(StandardCharsets.UTF_8),
                  serializer.serialize(topic, request))));
    }
  }

  private void awaitBacklog(String what, String group, DoublePredicate condition)
      throws InterruptedException {
    Instant end = Instant.now().plus(PATIENCE);
    while (true) {
      List<Gauge> gauges =
          List.copyOf(metrics.find("turnout.requests.backlog").tag("llm", LLM).gauges());
      if (gauges.size() == 1
          && group.equals(gauges.get(0).getId().getTag("group"))
          && condition.test(gauges.get(0).value())) {
        return;
      }
      assertThat(Instant.now())
          .as(
              "waited in vain for %s of %s: %s",
              what, group, gauges.stream().map(Meter::getId).toList())
          .isBefore(end);
      Thread.sleep(50);
    }
  }
}
