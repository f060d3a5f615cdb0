package dev.turnout.router;

import dev.turnout.router.emit.AddressedReply;
import dev.turnout.router.emit.AddressedRequest;
import dev.turnout.router.emit.RouteProcessor;
import dev.turnout.router.encode.PolledQuery;
import dev.turnout.router.intake.DeadLetter;
import dev.turnout.router.intake.IntakeResult;
import dev.turnout.schema.BudgetEvent;
import dev.turnout.schema.Reply;
import dev.turnout.schema.RoutedRequest;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.streams.Accompaniment;
import dev.turnout.streams.FailureHandling;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;

/**
 * The router's topology: queries → route → requests of the chosen LLM, decisions, dead letters,
 * replies. Stateless, so a router restarts at once.
 */
public final class RouterTopology {
  static final String QUERIES = "queries";
  static final String ROUTE = "route";

  private RouterTopology() {}

  /**
   * Lays out the topology.
   *
   * @param serdes settings of the Avro serdes and the schema registry
   * @param route makes the {@link RouteProcessor} of one task
   * @param failures what happens to a query that fails
   */
  static Topology of(
      RouterSettings settings,
      Map<String, ?> serdes,
      ProcessorSupplier<byte[], PolledQuery, byte[], Object> route,
      FailureHandling failures) {
    Serializer<RoutedRequest> requests = AvroSerdes.of(RoutedRequest.class, serdes).serializer();
    Serializer<RoutingDecision> decisions =
        AvroSerdes.of(RoutingDecision.class, serdes).serializer();
    Topology topology = new Topology();
    topology.addSource(
        QUERIES,
        new ByteArrayDeserializer(),
        new PolledQuery.ValueDeserializer(),
        settings.topics().queries());
    topology.addProcessor(
        ROUTE,
        failures.guard(
            route,
            PolledQuery::raw,
            ROUTE,
            RouteProcessor.DEAD_LETTERS,
            (polled, reason, detail) ->
                refusal(polled, new DeadLetter(reason, detail), RouteProcessor.REPLIES)),
        QUERIES);
    topology.<byte[], AddressedRequest>addSink(
        RouteProcessor.REQUESTS,
        (key, addressed, context) -> addressed.topic(),
        new ByteArraySerializer(),
        new AddressedRequest.ValueSerializer(requests),
        ROUTE);
    topology.addSink(
        RouteProcessor.DECISIONS,
        settings.topics().decisions(),
        new ByteArraySerializer(),
        decisions,
        ROUTE);
    topology.addSink(
        RouteProcessor.DEAD_LETTERS,
        settings.topics().dlq(),
        new ByteArraySerializer(),
        failures.deadLetterSerializer(),
        ROUTE);
    topology.<byte[], AddressedReply>addSink(
        RouteProcessor.REPLIES,
        settings.topics().replies(),
        new ByteArraySerializer(),
        new AddressedReply.ValueSerializer(AvroSerdes.of(Reply.class, serdes).serializer()),
        new AddressedReply.Partitioner(),
        ROUTE);
    topology.addSink(
        RouteProcessor.SPENDING,
        settings.topics().budgetEvents(),
        new ByteArraySerializer(),
        AvroSerdes.of(BudgetEvent.class, serdes).serializer(),
        ROUTE);
    return topology;
  }

  /** Tells the gateway that waits for a query why that was dead-lettered after it had failed. */
  private static Optional<Accompaniment.Companion> refusal(
      PolledQuery polled, DeadLetter letter, String sink) {
    return polled.header() != null
            && polled.header().intake() instanceof IntakeResult.Accepted accepted
        ? AddressedReply.refusal(accepted.query(), letter)
            .map(reply -> new Accompaniment.Companion(reply.key(), reply, sink))
        : Optional.empty();
  }
}
