package dev.turnout.learner.join;

import dev.turnout.learner.LearnerMetrics;
import dev.turnout.learner.LearnerSettings;
import dev.turnout.schema.Grade;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.schema.TrainingSample;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.streams.ExpiringStore;
import dev.turnout.streams.FailureHandling;
import dev.turnout.streams.RecordTimestamp;
import dev.turnout.topic.RefusedRecord;
import dev.turnout.topic.TopicCatalogue;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.StoreBuilder;

/**
 * decisions, outcomes, grades, however partitioned → intake → by query id → join → samples. What
 * cannot be used goes to the dead letters from either.
 */
public final class FeedbackTopology {
  /** Store of the decisions that wait for grades. */
  public static final String DECIDED = "decided";

  /** Store of what answers cost. */
  public static final String ANSWERS = "answers";

  /** Store of the grades that wait for their decision. */
  public static final String WAITING = "waiting-grades";

  /** Store of the grades that were made into samples. */
  public static final String GIVEN = "given";

  /** Where the intake forwards what is joined. */
  static final String JOINABLE = "joinable";

  /** Sink of what the intake cannot use. */
  public static final String UNREADABLE = "unreadable";

  static final String SAMPLES = "samples";

  /** Sink of the grades that the join cannot use. */
  public static final String DEAD_LETTERS = "dead-letters";

  private static final String SOURCE = "feedback";
  private static final String INTAKE = "intake";
  private static final String BY_QUERY = "by-query";
  private static final String JOIN = "join";

  private FeedbackTopology() {}

  /** Names of the topics that are joined. */
  public record Topics(String decisions, String outcomes, String feedback) {
    /** Their names in a catalogue. */
    public static Topics of(TopicCatalogue catalogue) {
      return new Topics(catalogue.decisions(), catalogue.outcomes(), catalogue.feedback());
    }

    /**
     * The record as its producer published it of one that the intake sent to the join. Of an
     * outcome the join has only a part, so the record of the join itself is given back.
     */
    RefusedRecord original(RefusedRecord joined) {
      if (joined.value() == null) {
        return joined;
      }
      JoinRecord record = JoinRecord.read(joined.value());
      String topic =
          switch (record.kind()) {
            case DECISION -> decisions;
            case GRADE -> feedback;
            case OUTCOME -> joined.topic();
          };
      return topic.equals(joined.topic())
          ? joined
          : new RefusedRecord(
              topic,
              record.partition(),
              record.offset(),
              joined.key(),
              record.payload(),
              joined.headers());
    }
  }

  /** State stores of one task of the join. */
  public static int storesOfATask() {
    return 2 * (int) stores().count();
  }

  /**
   * Topics that Kafka Streams makes for the join, each with {@code learner.partitions}, which
   * cannot change for as long as they exist.
   *
   * @param applicationId of the Kafka Streams application
   */
  public static List<String> internalTopics(String applicationId) {
    return Stream.concat(
            Stream.of(BY_QUERY + "-repartition"),
            stores()
                .flatMap(store -> Stream.of(store, store + "-by-time"))
                .map(store -> store + "-changelog"))
        .map(name -> applicationId + "-" + name)
        .toList();
  }

  /** The intake, the join, its stores and the sinks. */
  public static Topology of(
      LearnerSettings settings,
      Map<String, ?> serdes,
      LearnerMetrics metrics,
      FailureHandling failures) {
    Topics topics = Topics.of(settings.topics());
    Serde<byte[]> bytes = Serdes.ByteArray();
    StreamsBuilder builder = new StreamsBuilder();
    builder.stream(
            List.of(topics.decisions(), topics.outcomes(), topics.feedback()),
            Consumed.with(bytes, bytes)
                .withName(SOURCE)
                .withTimestampExtractor(new RecordTimestamp()))
        .process(
            failures.guard(
                () ->
                    new FeedbackIntake(
                        topics,
                        settings.join(),
                        AvroSerdes.of(RoutingDecision.class, serdes).deserializer(),
                        AvroSerdes.of(Outcome.class, serdes).deserializer(),
                        AvroSerdes.of(Grade.class, serdes).deserializer(),
                        metrics),
                value -> value,
                FeedbackDeadLetters.STAGE,
                UNREADABLE),
            Named.as(INTAKE))
        // changes nothing: a child of the intake whose name is known, since that of what the
        // repartitioning adds is Kafka Streams' own
        .mapValues(value -> value, Named.as(JOINABLE))
        .repartition(
            Repartitioned.with(bytes, bytes)
                .withName(BY_QUERY)
                .withNumberOfPartitions(settings.join().partitions()))
        .process(
            failures.guard(
                join(topics, settings, serdes, metrics),
                value -> value,
                FeedbackDeadLetters.STAGE,
                DEAD_LETTERS,
                topics::original),
            Named.as(JOIN));
    Topology topology = builder.build();
    Serializer<TrainingSample> samples = AvroSerdes.of(TrainingSample.class, serdes).serializer();
    topology.addSink(
        SAMPLES, settings.topics().samples(), new ByteArraySerializer(), samples, JOIN);
    deadLetters(topology, settings, failures, UNREADABLE, INTAKE);
    deadLetters(topology, settings, failures, DEAD_LETTERS, JOIN);
    return topology;
  }

  private static ProcessorSupplier<byte[], byte[], byte[], Object> join(
      Topics topics, LearnerSettings settings, Map<String, ?> serdes, LearnerMetrics metrics) {
    return new ProcessorSupplier<>() {
      @Override
      public Processor<byte[], byte[], byte[], Object> get() {
        return new FeedbackJoin(
            topics,
            settings.join(),
            AvroSerdes.of(RoutingDecision.class, serdes).deserializer(),
            AvroSerdes.of(Grade.class, serdes).deserializer(),
            metrics);
      }

      @Override
      public Set<StoreBuilder<?>> stores() {
        return FeedbackTopology.stores()
            .flatMap(name -> ExpiringStore.builders(name).stream())
            .collect(Collectors.toSet());
      }
    };
  }

  private static Stream<String> stores() {
    return Stream.of(DECIDED, ANSWERS, WAITING, GIVEN);
  }

  private static void deadLetters(
      Topology topology,
      LearnerSettings settings,
      FailureHandling failures,
      String name,
      String parent) {
    topology.addSink(
        name,
        settings.topics().dlq(),
        new ByteArraySerializer(),
        failures.deadLetterSerializer(),
        parent);
  }
}
