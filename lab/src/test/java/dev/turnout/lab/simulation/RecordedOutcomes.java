package dev.turnout.lab.simulation;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.turnout.app.data.OutcomeDataset;
import dev.turnout.app.data.QueryOutcomes;
import dev.turnout.app.data.Split;
import dev.turnout.app.data.read.OutcomeDatasets;
import dev.turnout.encoder.EncoderId;
import dev.turnout.encoder.EncoderSettings;
import dev.turnout.encoder.Encoders;
import dev.turnout.encoder.QueryEncoder;
import dev.turnout.encoder.surface.SurfaceReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The recorded outcomes of seven LLMs, encoded; tests skip where the data is not there. */
record RecordedOutcomes(
    EncoderId encoder,
    List<String> llms,
    List<SimulatedQuery> train,
    List<SimulatedQuery> test,
    List<SimulatedQuery> shifted) {

  static RecordedOutcomes readOrSkip() {
    Optional<Path> folder = find();
    assumeTrue(
        folder.isPresent(),
        "no shared/data/routerdc beside the project: set TURNOUT_SHARED to find it");
    OutcomeDataset data = OutcomeDatasets.read(folder.orElseThrow());
    try (QueryEncoder encoder = Encoders.open(EncoderSettings.staticEncoder())) {
      return new RecordedOutcomes(
          encoder.id(),
          data.llms(),
          encode(data, Split.TRAIN, encoder),
          encode(data, Split.TEST, encoder),
          encode(data, Split.OOD, encoder));
    }
  }

  private static List<SimulatedQuery> encode(
      OutcomeDataset data, Split split, QueryEncoder encoder) {
    List<QueryOutcomes> queries = data.split(split);
    float[][] vectors = encoder.encode(queries.stream().map(QueryOutcomes::question).toList());
    List<String> tasks = new ArrayList<>();
    List<SimulatedQuery> graded = new ArrayList<>();
    for (int i = 0; i < vectors.length; i++) {
      QueryOutcomes query = queries.get(i);
      if (!tasks.contains(query.dataset())) {
        tasks.add(query.dataset());
      }
      graded.add(
          new SimulatedQuery(
              query.id(),
              vectors[i],
              SurfaceReader.shared().read(query.question()),
              query.rewards(),
              query.costsUsd(),
              tasks.indexOf(query.dataset())));
    }
    return graded;
  }

  private static Optional<Path> find() {
    String configured = System.getProperty("turnout.shared", System.getenv("TURNOUT_SHARED"));
    if (configured != null) {
      Path folder = Path.of(configured, "data", "routerdc");
      return Optional.of(folder).filter(Files::isDirectory);
    }
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      Path folder = at.resolve("shared/data/routerdc");
      if (Files.isDirectory(folder)) {
        return Optional.of(folder);
      }
    }
    return Optional.empty();
  }
}
