package dev.turnout.router;

import dev.turnout.router.emit.AddressedRequest;
import dev.turnout.router.emit.AddressedRequestSerializer;
import dev.turnout.router.intake.PolledQuery;
import dev.turnout.router.intake.PolledQueryDeserializer;
import dev.turnout.schema.BudgetEvent;
import dev.turnout.schema.RoutedRequest;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.serde.AvroSerdes;
import java.util.Map;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;

/**
 * The router's topology: queries → route → requests of the chosen LLM, decisions, dead letters.
 * Stateless, so a router restarts at once.
 */
public final class RouterTopology {
  static final String QUERIES = "queries";
  static final String ROUTE = "route";
  public static final String REQUESTS = "requests";
  public static final String DECISIONS = "decisions";
  public static final String DEAD_LETTERS = "dead-letters";
  public static final String SPENDING = "spending";

  private RouterTopology() {}

  /** Lays out the topology. */
  static Topology of(
      RouterSettings settings,
      Map<String, ?> serdes,
      ProcessorSupplier<byte[], PolledQuery, byte[], Object> route) {
    Serializer<RoutedRequest> requests = AvroSerdes.of(RoutedRequest.class, serdes).serializer();
    Serializer<RoutingDecision> decisions =
        AvroSerdes.of(RoutingDecision.class, serdes).serializer();
    Topology topology = new Topology();
    topology.addSource(
        QUERIES,
        new ByteArrayDeserializer(),
        new PolledQueryDeserializer(),
        settings.topics().queries());
    topology.addProcessor(ROUTE, route, QUERIES);
    topology.<byte[], AddressedRequest>addSink(
        REQUESTS,
        (key, addressed, context) -> addressed.topic(),
        new ByteArraySerializer(),
        new AddressedRequestSerializer(requests),
        ROUTE);
    topology.addSink(
        DECISIONS, settings.topics().decisions(), new ByteArraySerializer(), decisions, ROUTE);
    topology.addSink(
        DEAD_LETTERS,
        settings.topics().dlq(),
        new ByteArraySerializer(),
        new ByteArraySerializer(),
        ROUTE);
    topology.addSink(
        SPENDING,
        settings.topics().budgetEvents(),
        new ByteArraySerializer(),
        AvroSerdes.of(BudgetEvent.class, serdes).serializer(),
        ROUTE);
    return topology;
  }
}
