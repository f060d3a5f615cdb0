package dev.turnout.app.quickstart.view;

import dev.turnout.dlq.Letter;
import dev.turnout.kafka.CommittedReader;
import dev.turnout.kafka.SupervisedLoop;
import dev.turnout.kafka.TopicTail;
import dev.turnout.schema.Grade;
import dev.turnout.schema.ModelEvent;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.Query;
import dev.turnout.schema.RouterModelRecord;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.serde.SkippingDecoder;
import dev.turnout.topic.DeadLetterMark;
import dev.turnout.topic.DeadLetterState;
import dev.turnout.topic.TopicCatalogue;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads decisions, outcomes, grades, models and dead letters as any outsider could. */
public final class TopicWatch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(TopicWatch.class);
  private static final Duration POLL = Duration.ofMillis(100);

  private final TopicCatalogue topics;
  private final LiveFigures figures;
  private final TopicTail<byte[], byte[]> tail;
  private final Deserializer<RoutingDecision> decisions;
  private final Deserializer<Outcome> outcomes;
  private final Deserializer<Grade> grades;
  private final Deserializer<RouterModelRecord> models;
  private final OpenQueries open;
  private final SupervisedLoop loop;
  private boolean begun;

  private TopicWatch(
      TopicCatalogue topics,
      LiveFigures figures,
      Map<String, Object> client,
      Map<String, ?> serde) {
    this.topics = topics;
    this.figures = figures;
    this.decisions = AvroSerdes.of(RoutingDecision.class, serde).deserializer();
    this.outcomes = AvroSerdes.of(Outcome.class, serde).deserializer();
    this.grades = AvroSerdes.of(Grade.class, serde).deserializer();
    this.models = AvroSerdes.of(RouterModelRecord.class, serde).deserializer();
    this.open = new OpenQueries(AvroSerdes.of(Query.class, serde).deserializer());
    this.tail =
        TopicTail.fromBeginning(
            CommittedReader.open(client),
            List.of(
                topics.queries(),
                topics.decisions(),
                topics.outcomes(),
                topics.feedback(),
                topics.models(),
                topics.dlq()));
    this.loop =
        new SupervisedLoop(
            "turnout-watch",
            tail.body(this::turn),
            SupervisedLoop.Pacing.standard().closingWithin(Duration.ofSeconds(10)));
  }

  public static TopicWatch start(
      TopicCatalogue topics,
      LiveFigures figures,
      Map<String, Object> client,
      Map<String, ?> serde) {
    TopicWatch watch = new TopicWatch(topics, figures, client, serde);
    watch.loop.start();
    return watch;
  }

  private void turn() {
    tail.poll(POLL, this::read);
    figures.waiting(open.count(), open.oldestMillis(System.currentTimeMillis()));
  }

  private void read(ConsumerRecord<byte[], byte[]> record) {
    try {
      accept(record);
    } catch (RuntimeException e) {
      LOG.atWarn()
          .setCause(e)
          .addKeyValue("topic", record.topic())
          .addKeyValue("offset", record.offset())
          .log("the view cannot read a record and leaves it out");
    }
  }

  private void accept(ConsumerRecord<byte[], byte[]> record) {
    String topic = record.topic();
    if (topic.equals(topics.dlq())) {
      if (!DeadLetterMark.isMark(record)) {
        refused(new Letter(record, DeadLetterState.WAITING));
      }
    } else if (topic.equals(topics.queries())) {
      open.published(record);
    } else if (record.value() == null) {
      return;
    } else if (topic.equals(topics.decisions())) {
      SkippingDecoder.decode(decisions, record)
          .ifPresent(
              decision -> {
                open.decided(decision.getQueryId());
                figures.decided(decision, System.currentTimeMillis());
              });
    } else if (topic.equals(topics.outcomes())) {
      SkippingDecoder.decode(outcomes, record).ifPresent(figures::answered);
    } else if (topic.equals(topics.feedback())) {
      SkippingDecoder.decode(grades, record).ifPresent(figures::graded);
    } else {
      SkippingDecoder.decode(models, record).ifPresent(this::announce);
    }
  }

  private void refused(Letter letter) {
    byte[] key = letter.record().key();
    if (!letter.topic().equals(topics.queries())) {
      figures.deadLettered(letter.reason());
      return;
    }
    figures.deadLettered(
        letter.reason(), key == null ? "" : new String(key, StandardCharsets.UTF_8));
    letter.origin().ifPresent(at -> open.refused(at.partition(), at.offset()));
  }

  private void announce(RouterModelRecord event) {
    ModelEvent kind = event.getKind();
    String text =
        "model %s %s: %s"
            .formatted(
                event.getVersion(),
                kind.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                event.getReason());
    switch (kind) {
      case CHUNK, MANIFEST -> {}
      case PROMOTED -> {
        // The first model was trained on the warm-up, the others on grades.
        if (begun) {
          figures.promoted(text);
        } else {
          figures.announce(text);
        }
        begun = true;
      }
      case REJECTED -> figures.rejected(text);
      default -> figures.announce(text);
    }
  }

  @Override
  public void close() {
    loop.close();
  }
}
