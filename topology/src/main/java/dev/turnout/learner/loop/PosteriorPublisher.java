package dev.turnout.learner.loop;

import dev.turnout.belief.GradedSample;
import dev.turnout.belief.LearningSettings;
import dev.turnout.belief.PosteriorLearner;
import dev.turnout.belief.Posteriors;
import dev.turnout.control.belief.PosteriorRecords;
import dev.turnout.learner.LearnerMetrics;
import dev.turnout.learner.LearnerSettings;
import dev.turnout.model.RouterModel;
import dev.turnout.schema.Posterior;
import dev.turnout.serde.AvroSerdes;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The fast path: keeps the posteriors of the serving model, and of the one on trial, up to date on
 * their topic. Confined to one thread.
 */
public final class PosteriorPublisher implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PosteriorPublisher.class);

  private final String topic;
  private final LearningSettings learning;
  private final Duration pause;
  private final LearnerMetrics metrics;
  private final Clock clock;
  private final Producer<byte[], byte[]> producer;
  private final Serializer<Posterior> serializer;
  private Map<String, Learning> learners = Map.of();
  private Map<String, Double> trust = Map.of();
  private Instant published = Instant.EPOCH;
  private boolean stale;

  /** A model and what learns for it. */
  private record Learning(RouterModel model, PosteriorLearner learner) {}

  PosteriorPublisher(
      LearnerSettings settings, Map<String, Object> clients, LearnerMetrics metrics, Clock clock) {
    this.topic = settings.topics().posteriors();
    this.learning = settings.learning();
    this.pause = settings.publishEvery();
    this.metrics = metrics;
    this.clock = clock;
    this.serializer = AvroSerdes.of(Posterior.class, clients).serializer();
    Map<String, Object> config = new HashMap<>(clients);
    config.put(ProducerConfig.ACKS_CONFIG, "all");
    config.keySet().retainAll(ProducerConfig.configNames());
    this.producer =
        new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** Learns for these models from now on; the first is the serving one. */
  void follow(@Nullable RouterModel serving, @Nullable RouterModel staged) {
    Map<String, Learning> next = new LinkedHashMap<>();
    for (RouterModel model : new RouterModel[] {serving, staged}) {
      if (model != null) {
        Learning known = learners.get(model.version());
        boolean same = known != null && known.model().llms().equals(model.llms());
        stale |= !same;
        next.put(
            model.version(),
            same && known != null
                ? known
                : new Learning(model, new PosteriorLearner(model, model.llms(), learning)));
      }
    }
    learners = next;
  }

  /** Publishes at the next occasion, changed or not. */
  void refresh() {
    stale = true;
  }

  /** Publishes what the window says if it changed and the last time is long enough ago. */
  void publish(LearnerState state) {
    stale |= state.changedSinceAsked();
    Instant now = clock.instant();
    if (!stale || learners.isEmpty() || now.isBefore(published.plus(pause))) {
      return;
    }
    stale = false;
    published = now;
    List<GradedSample> samples = state.samples();
    boolean first = true;
    for (Learning each : learners.values()) {
      long begun = System.nanoTime();
      Posteriors learnt = each.learner().learn(samples);
      send(learnt, state.offset());
      if (first) {
        trust = learnt.trust();
        metrics.learnt(learnt, System.nanoTime() - begun);
      }
      first = false;
    }
  }

  /** Publishes the posteriors of a model that is about to serve, so that none serves without. */
  void announce(RouterModel model, LearnerState state) {
    send(
        new PosteriorLearner(model, model.llms(), learning).learn(state.samples()), state.offset());
  }

  /** Trust in a grader by the last posteriors, 0..1. */
  public double trust(String grader) {
    return trust.getOrDefault(grader, 1.0);
  }

  private void send(Posteriors learnt, long offset) {
    Posterior record =
        PosteriorRecords.write(learnt, offset, clock.instant().truncatedTo(ChronoUnit.MILLIS));
    var unused =
        producer.send(
            new ProducerRecord<>(
                topic,
                learnt.modelVersion().getBytes(StandardCharsets.UTF_8),
                serializer.serialize(topic, record)),
            (metadata, error) -> {
              if (error != null) {
                LOG.warn("posteriors could not be published; the next ones will be", error);
              }
            });
  }

  @Override
  public void close() {
    producer.close();
    serializer.close();
  }
}
