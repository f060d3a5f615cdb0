package dev.turnout.connect.rows;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turnout.schema.LlmScore;
import dev.turnout.schema.RoutingDecision;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowFormatTest {
  private static final Instant NOW = Instant.ofEpochMilli(1_700_000_000_123L);

  @TempDir private Path directory;

  @Test
  void shouldWriteRowsThatAParquetReaderReads() throws Exception {
    // given
    Path file = directory.resolve("rows.parquet");

    // when
    write(RowFormat.PARQUET, file, 1_000);

    // then
    List<GenericRecord> rows = ParquetFiles.read(file);
    assertThat(rows).hasSize(1_000);
    GenericRecord last = rows.get(999);
    assertThat(last.get("queryId")).hasToString("q999");
    assertThat(last.get("decidedAt")).isEqualTo(NOW.toEpochMilli());
    assertThat(last.get("fallback")).hasToString("NONE");
    assertThat(last.get("embedding")).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2}));
    assertThat((List<?>) last.get("ranking"))
        .extracting(each -> ((GenericRecord) each).get("llm").toString())
        .containsExactly("büro", "other");
  }

  @Test
  void shouldWriteOnePlainJsonObjectALine() throws Exception {
    // given
    Path file = directory.resolve("rows.jsonl");

    // when
    write(RowFormat.JSONL, file, 3);

    // then
    List<String> lines = Files.readAllLines(file);
    assertThat(lines).hasSize(3);
    JsonNode last = RowJson.MAPPER.readTree(lines.get(2));
    assertThat(last.path("queryId").asText()).isEqualTo("q2");
    assertThat(last.path("decidedAt").asText()).isEqualTo("2023-11-14T22:13:20.123Z");
    assertThat(last.path("embedding").asText()).isEqualTo("AQI=");
    assertThat(last.path("cell").isNull()).isTrue();
    assertThat(last.path("propensity").asDouble()).isEqualTo(0.25);
    assertThat(last.path("ranking").path(0).path("llm").asText()).isEqualTo("büro");
  }

  private static void write(RowFormat format, Path path, int rows) throws Exception {
    try (RowFile file = format.create(path, RoutingDecision.getClassSchema())) {
      for (int i = 0; i < rows; i++) {
        file.write(decision("q" + i));
      }
    }
  }

  private static RoutingDecision decision(String id) {
    return RoutingDecision.newBuilder()
        .setQueryId(id)
        .setLlm("büro")
        .setRanking(List.of(score("büro"), score("other")))
        .setPropensity(0.25)
        .setPolicy("argmax")
        .setModelVersion("m1")
        .setEncoderId("e1")
        .setExplored(false)
        .setOutOfDistribution(false)
        .setReason("the best")
        .setEmbedding(ByteBuffer.wrap(new byte[] {1, 2}))
        .setDecidedAt(NOW)
        .build();
  }

  private static LlmScore score(String llm) {
    return LlmScore.newBuilder()
        .setLlm(llm)
        .setScore(0.5)
        .setProbability(0.5)
        .setPredictedSuccess(0.5)
        .build();
  }
}
