package dev.turnout.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.ConnectionSettings;
import dev.turnout.edge.EdgeCluster;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.OutcomeStatus;
import dev.turnout.schema.Query;
import dev.turnout.schema.ReplyAddress;
import dev.turnout.topic.TopicCatalogue;
import dev.turnout.worker.reply.GatewayReplies;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class OutcomeRepliesIT {

  private static final String LLM = "acme";

  @Test
  void shouldReplyWhenTheOutcomeIsSafeOrTakesTooLong() throws Exception {
    try (EdgeCluster cluster = EdgeCluster.start()) {
      TopicCatalogue topics = cluster.freshTopics(LLM);
      try (GatewayReplies gateways =
          new GatewayReplies(ConnectionSettings.from(cluster.values(topics)), LLM)) {
        OutcomeReplies replies =
            new OutcomeReplies(
                LLM,
                new OutageWait(Clock.systemUTC()),
                new SimpleMeterRegistry(),
                Clock.systemUTC());

        // given outcomes that are safe, that will never be, and that are long in coming
        CompletableFuture<Void> safe =
            send(replies, gateways, "safe", CompletableFuture.completedFuture(null));
        CompletableFuture<Void> lost =
            send(
                replies,
                gateways,
                "lost",
                CompletableFuture.failedFuture(new IllegalStateException("too large")));
        long asked = System.currentTimeMillis();
        CompletableFuture<Void> unsafe = new CompletableFuture<>();
        CompletableFuture<Void> slow = send(replies, gateways, "slow", unsafe);

        // then all are replied to, the last one only after it was waited for
        List<ConsumerRecord<byte[], byte[]>> replied =
            cluster.readBytes(topics.replies(), all -> all.size() >= 3);
        assertThat(replied)
            .extracting(record -> new String(record.key(), StandardCharsets.UTF_8))
            .containsExactlyInAnyOrder("ask safe", "ask lost", "ask slow");
        assertThat(replied)
            .filteredOn(
                record -> new String(record.key(), StandardCharsets.UTF_8).equals("ask slow"))
            .allSatisfy(
                record ->
                    assertThat(record.timestamp() - asked)
                        .isGreaterThanOrEqualTo(OutcomeReplies.PATIENCE.toMillis() - 1));
        assertThat(safe).isCompleted();
        assertThat(lost).isCompletedExceptionally();

        // and its request is not done before it is safe, without a second reply
        assertThat(slow).isNotDone();
        unsafe.complete(null);
        slow.get(1, TimeUnit.MINUTES);
        send(replies, gateways, "last", CompletableFuture.completedFuture(null)).get();
        assertThat(cluster.readBytes(topics.replies(), all -> all.size() >= 4))
            .extracting(record -> new String(record.key(), StandardCharsets.UTF_8))
            .endsWith("ask last")
            .hasSize(4);
      }
    }
  }

  private static CompletableFuture<Void> send(
      OutcomeReplies replies, GatewayReplies gateways, String id, CompletableFuture<Void> safe) {
    Query query =
        Query.newBuilder()
            .setId(id)
            .setText("?")
            .setReply(new ReplyAddress(0, "ask " + id))
            .setDeadline(Instant.now().plus(Duration.ofMinutes(1)))
            .build();
    return replies.send(
        gateways.open(EdgeCluster.request(query, LLM)),
        query,
        Outcome.newBuilder()
            .setQueryId(id)
            .setLlm(LLM)
            .setStatus(OutcomeStatus.SUCCEEDED)
            .setFinishedAt(Instant.now())
            .build(),
        safe);
  }
}
