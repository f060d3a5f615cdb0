package dev.turnout.connect.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turnout.schema.LlmScore;
import dev.turnout.schema.RoutingDecision;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

  @Test
  void shouldReadParquetAsJsonLinesWouldHaveIt() throws Exception {
    // given
    Path parquet = directory.resolve("rows.parquet");
    Path lines = directory.resolve("rows.jsonl");
    write(RowFormat.PARQUET, parquet, 3);
    write(RowFormat.JSONL, lines, 3);

    // when
    List<JsonNode> read = new ArrayList<>();
    try (ParquetRows rows = ParquetRows.open(parquet)) {
      for (JsonNode row = rows.next(); row != null; row = rows.next()) {
        // numbers keep their kinds in a tree, not in a text
        read.add(RowJson.MAPPER.readTree(row.toString()));
      }
    }

    // then
    List<JsonNode> written = new ArrayList<>();
    for (String line : Files.readAllLines(lines)) {
      written.add(RowJson.MAPPER.readTree(line));
    }
    assertThat(read).isEqualTo(written);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "PAR1", "{\"id\": \"train/1\"}, and no Parquet at all, PAR1PAR1"})
  void shouldRefuseWhatIsNoParquet(String content) throws Exception {
    Path file = Files.writeString(directory.resolve("odd.parquet"), content);
    assertThatThrownBy(
            () -> {
              try (ParquetRows rows = ParquetRows.open(file)) {
                rows.next();
              }
            })
        .isInstanceOf(IOException.class);
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
