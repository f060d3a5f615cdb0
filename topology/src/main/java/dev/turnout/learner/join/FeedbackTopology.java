package dev.turnout.learner.join;

import dev.turnout.learner.LearnerMetrics;
import dev.turnout.learner.LearnerSettings;
import dev.turnout.schema.Grade;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.schema.TrainingSample;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.topic.TopicCatalogue;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.StoreBuilder;

/** decisions, outcomes, grades → join → samples, dead letters. Keyed by query id throughout. */
public final class FeedbackTopology {
  /** Store of the decisions that wait for grades. */
  public static final String DECIDED = "decided";

  /** Store of what answers cost. */
  public static final String SPENT = "spent";

  /** Store of the grades that wait for their decision. */
  public static final String WAITING = "waiting";

  /** Store of the grades that were made into samples. */
  public static final String GIVEN = "given";

  static final String SAMPLES = "samples";

  /** Sink of the grades that cannot be used. */
  public static final String DEAD_LETTERS = "dead-letters";

  private static final String FEEDBACK = "feedback";
  private static final String JOIN = "join";

  private FeedbackTopology() {}

  /** Names of the topics that are joined. */
  public record Topics(String decisions, String outcomes, String feedback) {
    /** Their names in a catalogue. */
    public static Topics of(TopicCatalogue catalogue) {
      return new Topics(catalogue.decisions(), catalogue.outcomes(), catalogue.feedback());
    }
  }

  /** The join, its stores and its sinks. */
  public static Topology of(
      LearnerSettings settings, Map<String, ?> serdes, LearnerMetrics metrics) {
    Topics topics = Topics.of(settings.topics());
    Serializer<TrainingSample> samples = AvroSerdes.of(TrainingSample.class, serdes).serializer();
    Topology topology = new Topology();
    topology.addSource(
        FEEDBACK,
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer(),
        topics.decisions(),
        topics.outcomes(),
        topics.feedback());
    topology.addProcessor(
        JOIN,
        new ProcessorSupplier<byte[], byte[], byte[], Object>() {
          @Override
          public Processor<byte[], byte[], byte[], Object> get() {
            return new FeedbackJoin(
                topics,
                settings.join(),
                AvroSerdes.of(RoutingDecision.class, serdes).deserializer(),
                AvroSerdes.of(Outcome.class, serdes).deserializer(),
                AvroSerdes.of(Grade.class, serdes).deserializer(),
                metrics);
          }

          @Override
          public Set<StoreBuilder<?>> stores() {
            return Stream.of(DECIDED, SPENT, WAITING, GIVEN)
                .flatMap(name -> ExpiringStore.builders(name).stream())
                .collect(Collectors.toSet());
          }
        },
        FEEDBACK);
    topology.addSink(
        SAMPLES, settings.topics().samples(), new ByteArraySerializer(), samples, JOIN);
    topology.addSink(
        DEAD_LETTERS,
        settings.topics().dlq(),
        new ByteArraySerializer(),
        new ByteArraySerializer(),
        JOIN);
    return topology;
  }
}
