package dev.turnout.router.emit;

import dev.turnout.router.intake.DeadLetter;
import dev.turnout.schema.Query;
import dev.turnout.schema.Reply;
import dev.turnout.schema.ReplyAddress;
import dev.turnout.schema.ReplyKind;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.topic.BoundedText;
import dev.turnout.topic.FieldLimits;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.jspecify.annotations.Nullable;

/**
 * A reply to the gateway that waits for a query, with the partition that it reads.
 *
 * @param partition as the query says; may not exist
 */
public record AddressedReply(int partition, Reply reply) {

  /** Says that a query was refused; empty if no gateway waits for it. */
  public static Optional<AddressedReply> refusal(@Nullable Query query, DeadLetter letter) {
    return query == null ? Optional.empty() : refusalOf(query, letter);
  }

  private static Optional<AddressedReply> refusalOf(Query query, DeadLetter letter) {
    return to(query)
        .map(
            address ->
                new AddressedReply(
                    address.getPartition(),
                    reply(query, address, ReplyKind.REFUSAL)
                        .setReason(letter.reason().name())
                        .setDetail(BoundedText.cut(letter.detail(), FieldLimits.REASON))
                        .build()));
  }

  /** The decision on a query of which no more was wanted; empty if no gateway waits for it. */
  static Optional<AddressedReply> decision(Query query, RoutingDecision decision) {
    return to(query)
        .map(
            address ->
                new AddressedReply(
                    address.getPartition(),
                    reply(query, address, ReplyKind.DECISION)
                        .setLlm(decision.getLlm())
                        .setModelVersion(decision.getModelVersion())
                        .setDecision(
                            RoutingDecision.newBuilder(decision)
                                .setEmbedding(null)
                                .setSurface(null)
                                .build())
                        .build()));
  }

  /** Of a query that was refused, every field may be too large. */
  private static Optional<ReplyAddress> to(Query query) {
    return Optional.ofNullable(query.getReply())
        .filter(address -> BoundedText.bytes(address.getAsk()) <= FieldLimits.ASK);
  }

  private static Reply.Builder reply(Query query, ReplyAddress address, ReplyKind kind) {
    return Reply.newBuilder()
        .setAsk(address.getAsk())
        .setQueryId(BoundedText.cut(query.getId(), FieldLimits.QUERY_ID))
        .setKind(kind);
  }

  /** Key of the record: the ask. */
  public byte[] key() {
    return reply.getAsk().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Sends each reply to its partition. One that does not exist is the producer's mistake, for which
   * no query may fail: Kafka Streams drops such a reply, logs it and counts it ({@code
   * dropped-records-total}).
   */
  public static final class Partitioner implements StreamPartitioner<byte[], AddressedReply> {
    @Override
    public Optional<Set<Integer>> partitions(
        String topic, byte[] key, AddressedReply addressed, int partitions) {
      int partition = addressed.partition();
      return Optional.of(partition >= 0 && partition < partitions ? Set.of(partition) : Set.of());
    }
  }

  /**
   * Writes the reply; its partition is the record's own.
   *
   * @param replies closed with this one
   */
  public record ValueSerializer(Serializer<Reply> replies) implements Serializer<AddressedReply> {

    @Override
    public byte @Nullable [] serialize(String topic, @Nullable AddressedReply addressed) {
      return addressed == null ? null : replies.serialize(topic, addressed.reply());
    }

    @Override
    public void close() {
      replies.close();
    }
  }
}
