package dev.turnout.app.quickstart.scenario;

import dev.turnout.app.console.CommandFailure;
import dev.turnout.app.data.LlmPrice;
import dev.turnout.app.data.OutcomeDataset;
import dev.turnout.app.data.QueryOutcomes;
import dev.turnout.app.data.Split;
import dev.turnout.app.data.read.OutcomeDatasets;
import dev.turnout.schema.LlmProfile;
import dev.turnout.schema.LlmStatus;
import dev.turnout.topic.TopicCatalogue;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Outcomes recorded from real LLMs: trained on the train split, the test split is the stream. */
public final class RecordedScenario implements Scenario {

  private static final int CELLS = 12;

  private final Path directory;
  private final OutcomeDataset data;
  private final List<QueryOutcomes> stream;
  private final TopicCatalogue topics;

  /**
   * Reads the outcomes.
   *
   * @throws CommandFailure if there is nothing to train on or nothing to play
   */
  public RecordedScenario(TopicCatalogue topics, Path directory, long seed) {
    this.topics = topics;
    this.directory = directory;
    this.data = OutcomeDatasets.read(directory);
    List<QueryOutcomes> test = new ArrayList<>(data.split(Split.TEST));
    if (data.split(Split.TRAIN).isEmpty() || test.isEmpty()) {
      throw new CommandFailure(
          directory
              + ": has "
              + data.split(Split.TRAIN).size()
              + " training and "
              + test.size()
              + " test queries, but needs both; see the README, \"Train on your outcomes\"");
    }
    // Files hold one task after the other; traffic does not.
    Collections.shuffle(test, new Random(seed));
    this.stream = List.copyOf(test);
  }

  @Override
  public String title() {
    return "%d recorded test queries of %s, answered as %d real LLMs answered them"
        .formatted(stream.size(), directory, data.llms().size());
  }

  @Override
  public List<LlmProfile> llms() {
    List<LlmProfile> llms = new ArrayList<>();
    for (String id : data.llms()) {
      LlmPrice price = data.prices().get(id);
      llms.add(
          LlmProfile.newBuilder()
              .setId(id)
              .setTopic(topics.requests(id))
              .setStatus(LlmStatus.ACTIVE)
              .setInputUsdPerMillionTokens(price == null ? null : price.inputUsdPerMillion())
              .setOutputUsdPerMillionTokens(price == null ? null : price.outputUsdPerMillion())
              .setDescription("recorded outcomes of " + directory.getFileName())
              .setUpdatedAt(Instant.now())
              .build());
    }
    return llms;
  }

  @Override
  public List<GradedQuery> warmUp() {
    return data.split(Split.TRAIN).stream().map(RecordedScenario::graded).toList();
  }

  @Override
  public int cells() {
    return CELLS;
  }

  @Override
  public int streamLength() {
    return stream.size();
  }

  @Override
  public GradedQuery at(int position) {
    return graded(stream.get(position % stream.size()));
  }

  private static GradedQuery graded(QueryOutcomes outcomes) {
    return new GradedQuery(
        outcomes.question(), outcomes.dataset(), outcomes.rewards(), outcomes.costsUsd());
  }
}
