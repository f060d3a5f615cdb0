package dev.turnout.worker;

import dev.turnout.kafka.BatchedMember;
import dev.turnout.kafka.Clients;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Requests by a classic consumer group: as {@link BatchedMember}, with failed requests repeated
 * here, because the group cannot give single ones back.
 */
final class ConsumerGroupLoop {
  private ConsumerGroupLoop() {}

  static BatchedMember open(WorkerSettings settings, RequestHandler handler) {
    return new BatchedMember(
        Clients.member(settings.kafka(), settings.groupId(), settings.concurrency()),
        settings.requestTopic(),
        settings.grace(),
        (record, closing) -> untilDone(handler, record, 1, closing));
  }

  private static CompletableFuture<Acknowledgement> untilDone(
      RequestHandler handler,
      ConsumerRecord<byte[], byte[]> record,
      int delivery,
      BooleanSupplier closing) {
    return handler
        .handle(record, delivery)
        .thenCompose(
            result ->
                result == Acknowledgement.DONE || closing.getAsBoolean()
                    ? CompletableFuture.completedFuture(result)
                    : untilDone(handler, record, delivery + 1, closing));
  }
}
