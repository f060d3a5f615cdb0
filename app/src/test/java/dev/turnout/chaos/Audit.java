package dev.turnout.chaos;

import dev.turnout.schema.Grade;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.Posterior;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.schema.TrainingSample;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.topic.DeadLetters;
import dev.turnout.topic.TopicCatalogue;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads everything that is committed on every topic, and says what is missing or there twice. It
 * goes on where it stopped, so that it may be asked again until all has arrived.
 */
final class Audit implements AutoCloseable {
  private static final int SHOWN = 5;

  private final TopicCatalogue topics;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final List<TopicPartition> partitions = new ArrayList<>();
  private final Deserializer<RoutingDecision> decisionDecoder;
  private final Deserializer<Outcome> outcomeDecoder;
  private final Deserializer<TrainingSample> sampleDecoder;
  private final Deserializer<Grade> gradeDecoder;
  private final Deserializer<Posterior> posteriorDecoder;

  private final Map<String, List<String>> decisions = new HashMap<>();
  private final Map<String, List<Place>> requests = new HashMap<>();
  private final Map<String, Integer> outcomes = new HashMap<>();
  private final Map<String, Integer> samples = new HashMap<>();
  private final Map<Place, Integer> deadLetters = new HashMap<>();
  private final Set<String> refusedGrades = new HashSet<>();
  private final Map<String, Integer> reasons = new TreeMap<>();
  private final Map<String, Posterior> posteriors = new TreeMap<>();
  private long sampleOffset = -1;

  Audit(Installation installation) {
    this.topics = installation.topics;
    Map<String, Object> clients = installation.clients();
    this.decisionDecoder = decoder(RoutingDecision.class, clients);
    this.outcomeDecoder = decoder(Outcome.class, clients);
    this.sampleDecoder = decoder(TrainingSample.class, clients);
    this.gradeDecoder = decoder(Grade.class, clients);
    this.posteriorDecoder = decoder(Posterior.class, clients);
    Map<String, Object> config = new HashMap<>(clients);
    config.put("isolation.level", "read_committed");
    config.put("fetch.max.wait.ms", 100);
    this.consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    Stream.concat(
            Stream.of(
                topics.decisions(),
                topics.outcomes(),
                topics.samples(),
                topics.posteriors(),
                topics.dlq()),
            Installation.LLMS.stream().map(topics::requests))
        .flatMap(topic -> consumer.partitionsFor(topic).stream())
        .forEach(info -> partitions.add(new TopicPartition(info.topic(), info.partition())));
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
  }

  private static <T extends SpecificRecord> Deserializer<T> decoder(
      Class<T> type, Map<String, ?> clients) {
    return AvroSerdes.of(type, clients).deserializer();
  }

  /** Reads what has been committed since the last time. */
  void read() {
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
      consumer.poll(Duration.ofMillis(100)).forEach(this::take);
    }
  }

  private void take(ConsumerRecord<byte[], byte[]> record) {
    String topic = record.topic();
    if (topic.equals(topics.dlq())) {
      takeDeadLetter(record);
    } else if (topic.startsWith(topics.requestsPrefix())) {
      // the key is enough, and what is poison has none of ours
      requests.computeIfAbsent(key(record), id -> new ArrayList<>()).add(place(record));
    } else if (topic.equals(topics.decisions())) {
      RoutingDecision decision = decoded(decisionDecoder, record);
      if (decision != null) {
        decisions
            .computeIfAbsent(decision.getQueryId(), id -> new ArrayList<>())
            .add(decision.getLlm());
      }
    } else if (topic.equals(topics.outcomes())) {
      Outcome outcome = decoded(outcomeDecoder, record);
      if (outcome != null) {
        outcomes.merge(outcome.getQueryId(), 1, Integer::sum);
      }
    } else if (topic.equals(topics.samples())) {
      sampleOffset = record.offset();
      TrainingSample sample = decoded(sampleDecoder, record);
      if (sample != null) {
        samples.merge(
            grade(sample.getQueryId(), sample.getLlm(), sample.getGrader()), 1, Integer::sum);
      }
    } else {
      Posterior posterior = decoded(posteriorDecoder, record);
      if (posterior != null) {
        posteriors.put(posterior.getModelVersion(), posterior);
      }
    }
  }

  private void takeDeadLetter(ConsumerRecord<byte[], byte[]> record) {
    String origin = header(record, DeadLetters.TOPIC);
    deadLetters.merge(
        new Place(
            origin,
            Integer.parseInt(or(header(record, DeadLetters.PARTITION), "-1")),
            Long.parseLong(or(header(record, DeadLetters.OFFSET), "-1"))),
        1,
        Integer::sum);
    reasons.merge(
        origin.substring(topics.prefix().length()) + " " + header(record, DeadLetters.REASON),
        1,
        Integer::sum);
    if (origin.equals(topics.feedback())) {
      // a grade that waited in vain is refused long after its record, without its place
      Grade grade = decoded(gradeDecoder, record);
      if (grade != null) {
        refusedGrades.add(grade(grade.getQueryId(), grade.getLlm(), grade.getGrader()));
      }
    }
  }

  private static String or(String text, String otherwise) {
    return text.isEmpty() ? otherwise : text;
  }

  private static String header(ConsumerRecord<?, ?> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
  }

  private static String key(ConsumerRecord<byte[], byte[]> record) {
    return record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
  }

  private static Place place(ConsumerRecord<?, ?> record) {
    return new Place(record.topic(), record.partition(), record.offset());
  }

  private static String grade(String query, String llm, String grader) {
    return query + " " + llm + " " + grader;
  }

  private <T> @Nullable T decoded(Deserializer<T> decoder, ConsumerRecord<byte[], byte[]> record) {
    try {
      return decoder.deserialize(record.topic(), record.value());
    } catch (RuntimeException poisonOrOutage) {
      // poison, which is to stay without effect; what is ours and unreadable will be missing
      return null;
    }
  }

  /** What is wrong at this moment, in words; empty when everything is there once. */
  List<String> problems(Traffic traffic) {
    List<String> problems = new ArrayList<>();
    Set<String> asked = traffic.queries().keySet();
    // where every LLM's workers are down at once, a query ends as a dead letter
    report(
        problems,
        "queries with neither a decision nor a dead letter",
        asked,
        id -> !decisions.containsKey(id) && !refused(id, traffic));
    report(
        problems,
        "queries with a decision and a dead letter",
        asked,
        id -> decisions.containsKey(id) && refused(id, traffic));
    report(
        problems,
        "queries with several decisions",
        decisions.keySet(),
        id -> decisions.getOrDefault(id, List.of()).size() > 1);
    report(
        problems,
        "decisions of what nobody asked",
        decisions.keySet(),
        id -> !asked.contains(id) && !traffic.uncertain().contains(id));
    report(
        problems,
        "decisions without their request",
        decisions.keySet(),
        id -> !requestedWhereDecided(id));
    report(
        problems,
        "queries requested several times",
        decisions.keySet(),
        id -> requests.getOrDefault(id, List.of()).size() > 1);
    report(
        problems,
        "requests without an outcome",
        decisions.keySet(),
        id ->
            !outcomes.containsKey(id)
                && requests.getOrDefault(id, List.of()).stream()
                    .noneMatch(deadLetters::containsKey));
    reportGrades(problems, traffic);
    reportPoison(problems, traffic);
    return problems;
  }

  private boolean refused(String id, Traffic traffic) {
    Place place = traffic.queries().get(id);
    return place != null && deadLetters.containsKey(place);
  }

  private boolean requestedWhereDecided(String id) {
    List<String> llms = decisions.getOrDefault(id, List.of());
    return requests.getOrDefault(id, List.of()).stream()
        .anyMatch(
            place -> llms.stream().anyMatch(llm -> place.topic().equals(topics.requests(llm))));
  }

  private void reportGrades(List<String> problems, Traffic traffic) {
    Map<String, Place> given = new HashMap<>();
    traffic
        .grades()
        .forEach(
            (id, place) ->
                given.put(
                    grade(id, decisions.getOrDefault(id, List.of("?")).get(0), Traffic.GRADER),
                    place));
    report(
        problems,
        "grades in neither a sample nor a dead letter",
        given.keySet(),
        each ->
            !samples.containsKey(each)
                && !refusedGrades.contains(each)
                && !deadLetters.containsKey(given.get(each)));
    report(
        problems,
        "grades in several samples",
        samples.keySet(),
        each -> samples.getOrDefault(each, 0) > 1);
  }

  private void reportPoison(List<String> problems, Traffic traffic) {
    Map<Place, Poison> sent = traffic.poison();
    report(
        problems,
        "poison without a dead letter",
        sent.keySet(),
        place -> {
          Poison kind = sent.get(place);
          // a grade of an unknown query is refused when it has waited for long enough
          return kind != null
              && kind.endsInDeadLetter()
              && kind != Poison.UNKNOWN_QUERY_GRADE
              && !deadLetters.containsKey(place);
        });
    long waiting =
        sent.values().stream().filter(kind -> kind == Poison.UNKNOWN_QUERY_GRADE).count()
            - refusedGrades.stream().filter(each -> each.startsWith("p-")).count();
    if (waiting > 0) {
      problems.add(waiting + " grades of unknown queries without a dead letter");
    }
    report(
        problems,
        "queries with several dead letters",
        deadLetters.keySet(),
        place -> place.topic().equals(topics.queries()) && deadLetters.getOrDefault(place, 0) > 1);
  }

  private static <T> void report(
      List<String> problems, String what, Set<T> all, Predicate<T> wrong) {
    List<T> found = all.stream().filter(wrong).toList();
    if (!found.isEmpty()) {
      problems.add(
          found.size() + " " + what + ", e.g. " + found.subList(0, Math.min(SHOWN, found.size())));
    }
  }

  /** How many of everything there are, for whoever reads along. */
  Map<String, Object> figures() {
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("decisions", decisions.size());
    figures.put("outcomes", outcomes.size());
    figures.put("second outcomes", outcomes.values().stream().mapToInt(count -> count - 1).sum());
    figures.put("samples", samples.size());
    figures.put("dead letters", new TreeMap<>(reasons));
    return figures;
  }

  /** Whether the last posteriors of some model rest on all samples. */
  boolean allLearnt() {
    return posteriors.values().stream().anyMatch(each -> each.getOffset() == sampleOffset);
  }

  /**
   * The last posteriors of every model that rest on all samples, to the last bit, without when they
   * were computed.
   *
   * @param since those published before are left out
   */
  Map<String, String> learnt(Instant since) {
    Map<String, String> learnt = new TreeMap<>();
    posteriors.forEach(
        (version, posterior) -> {
          if (posterior.getOffset() == sampleOffset && !posterior.getLearntAt().isBefore(since)) {
            learnt.put(
                version,
                Posterior.newBuilder(posterior).setLearntAt(Instant.EPOCH).build().toString());
          }
        });
    return learnt;
  }

  /** When the latest posteriors were learnt that any learner published. */
  Instant latestLearnt() {
    return posteriors.values().stream()
        .map(Posterior::getLearntAt)
        .max(Instant::compareTo)
        .orElse(Instant.EPOCH);
  }

  @Override
  public void close() {
    consumer.close();
  }
}
