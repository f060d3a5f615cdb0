package dev.turnout.worker;

import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What the loops do with a request; {@link RequestHandler#handle} is how it is done. */
@FunctionalInterface
interface RequestHandling {

  /**
   * Handles one delivery of a request.
   *
   * @param delivery how often it has been delivered, from 1
   * @return never completes exceptionally; to be cancelled when the record is another's
   */
  CompletableFuture<Acknowledgement> handle(ConsumerRecord<byte[], byte[]> record, int delivery);
}
