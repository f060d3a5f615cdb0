package dev.turnout.app.data.read;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.turnout.app.data.OutcomeDataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Any bytes as a file of outcomes: queries are read, or the file is refused by its name. */
class OutcomeDataFuzz {
  private static final List<String> NAMES =
      List.of("data.csv", "data.jsonl", "data.csv.gz", "data.jsonl.gz", "train/task.json");

  /** The first byte chooses the layout; the rest is the file. */
  @FuzzTest(maxDuration = "5m")
  void shouldReadOrRefuseAnyFile(byte[] input) throws IOException {
    if (input.length == 0) {
      return;
    }
    String name = NAMES.get(Byte.toUnsignedInt(input[0]) % NAMES.size());
    Path folder = Files.createTempDirectory("fuzz");
    Path file = folder.resolve(name);
    try {
      Files.createDirectories(file.getParent());
      Files.write(file, Arrays.copyOfRange(input, 1, input.length));
      assertThat(OutcomeDatasets.read(folder).queries()).isNotEmpty();
    } catch (OutcomeDataException refused) {
      assertThat(refused).hasMessageContaining(folder.getFileName().toString());
    } finally {
      Files.deleteIfExists(file);
      Files.deleteIfExists(folder.resolve("train"));
      Files.deleteIfExists(folder);
    }
  }
}
