package dev.turnout.control.belief;

import dev.turnout.belief.Posteriors;
import dev.turnout.control.TopicListener;
import dev.turnout.schema.Posterior;
import dev.turnout.topic.LogText;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the latest posteriors of the last few models. How many cells a model has, only the model
 * tells, which may be read later than its posteriors. So of a model the latest are kept of each
 * number of cells that was read, and whoever has the model takes those that fit: wrong ones do not
 * take the place of right ones, which are published again and again. Readers never wait.
 */
final class LatestPosteriors implements TopicListener<Posterior> {
  private static final Logger LOG = LoggerFactory.getLogger(LatestPosteriors.class);

  /** The serving model, one on trial, and those that a roll-back may return to. */
  private static final int MODELS = 8;

  private static final int SHAPES = 4;

  private final Counter refused;
  private volatile Map<String, List<Posteriors>> latest = Map.of();

  LatestPosteriors(MeterRegistry metrics) {
    this.refused =
        Counter.builder("turnout.posteriors.refused")
            .description("posteriors that cannot be read, or have another shape than their model's")
            .register(metrics);
  }

  @Override
  public void read(Posterior record) {
    Posteriors read = PosteriorRecords.read(record);
    Map<String, List<Posteriors>> next = new LinkedHashMap<>(latest);
    List<Posteriors> known = next.remove(read.modelVersion());
    List<Posteriors> ofModel = new ArrayList<>(known == null ? List.of() : known);
    ofModel.removeIf(each -> each.cells() == read.cells());
    if (!ofModel.isEmpty() && ofModel.size() == (known == null ? 0 : known.size())) {
      refuse(read.modelVersion(), ofModel.get(ofModel.size() - 1).cells());
    }
    ofModel.add(read);
    if (ofModel.size() > SHAPES) {
      ofModel.remove(0);
    }
    next.put(read.modelVersion(), List.copyOf(ofModel));
    while (next.size() > MODELS) {
      next.remove(next.keySet().iterator().next());
    }
    latest = next;
  }

  @Override
  public void skipped() {
    refused.increment();
  }

  /** The latest of a model that have so many cells; null before any. */
  @Nullable Posteriors of(String modelVersion, int cells) {
    for (Posteriors each : latest.getOrDefault(modelVersion, List.of())) {
      if (each.cells() == cells) {
        return each;
      }
    }
    return null;
  }

  /** The latest of a model, whatever their shape; null before any. */
  @Nullable Posteriors of(String modelVersion) {
    List<Posteriors> ofModel = latest.getOrDefault(modelVersion, List.of());
    return ofModel.isEmpty() ? null : ofModel.get(ofModel.size() - 1);
  }

  /** Posteriors turned out to have another shape than their model, or than others of it. */
  void refuse(String modelVersion, int cells) {
    refused.increment();
    LOG.atWarn()
        .setMessage("posteriors of another shape than their model's have no effect")
        .addKeyValue("model", LogText.of(modelVersion))
        .addKeyValue("expectedCells", cells)
        .log();
  }
}
