package dev.turnout.worker;

import dev.turnout.kafka.Clients;
import dev.turnout.kafka.member.ConcurrentMember;
import dev.turnout.kafka.member.Slots;
import dev.turnout.schema.Priority;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Requests by a consumer group: as {@link ConcurrentMember}, with failed requests repeated here,
 * because the group cannot give single ones back.
 */
final class ConsumerGroupLoop {

  /** A poll brings what the slots can take, so that one that comes free finds its next at hand. */
  private static final int MOST_AT_ONCE = 500;

  private ConsumerGroupLoop() {}

  static ConcurrentMember open(
      WorkerSettings settings, RequestHandling handler, Slots slots, Priority priority) {
    return new ConcurrentMember(
        Clients.cooperativeMember(
            settings.kafka(), settings.groupId(), Math.min(settings.slots(), MOST_AT_ONCE)),
        settings.requestTopic(priority),
        settings.grace(),
        slots,
        priority,
        (record, closing) -> untilDone(handler, record, 1, closing));
  }

  private static CompletableFuture<Acknowledgement> untilDone(
      RequestHandling handler,
      ConsumerRecord<byte[], byte[]> record,
      int delivery,
      BooleanSupplier closing) {
    CompletableFuture<Acknowledgement> whole = new CompletableFuture<>();
    attempt(handler, record, delivery, closing, whole);
    return whole;
  }

  private static void attempt(
      RequestHandling handler,
      ConsumerRecord<byte[], byte[]> record,
      int delivery,
      BooleanSupplier closing,
      CompletableFuture<Acknowledgement> whole) {
    CompletableFuture<Acknowledgement> once = handler.handle(record, delivery);
    CompletableFuture<Acknowledgement> unusedEnd =
        once.whenComplete(
            (result, failure) -> {
              if (failure != null) {
                boolean unusedFirst = whole.completeExceptionally(failure);
              } else if (result == Acknowledgement.DONE) {
                boolean unusedFirst = whole.complete(result);
              } else if (closing.getAsBoolean()) {
                // not done: the next member begins it anew
                boolean unusedFirst = whole.cancel(false);
              } else if (!whole.isDone()) {
                attempt(handler, record, delivery + 1, closing, whole);
              }
            });
    CompletableFuture<Acknowledgement> unusedAbandoned =
        whole.whenComplete(
            (result, failure) -> {
              if (whole.isCancelled()) {
                boolean unusedOpen = once.cancel(false);
              }
            });
  }
}
