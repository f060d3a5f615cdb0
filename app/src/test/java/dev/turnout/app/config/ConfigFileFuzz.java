package dev.turnout.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.turnout.config.SettingValues;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/** Any bytes as a configuration file: they are read, or every problem is named. */
class ConfigFileFuzz {

  /** The first byte chooses between YAML and properties; the rest is the file. */
  @FuzzTest(maxDuration = "5m")
  void shouldReadOrExplainAnyFile(byte[] input) throws IOException {
    if (input.length == 0) {
      return;
    }
    Path file = Files.createTempFile("fuzz", input[0] % 2 == 0 ? ".yaml" : ".properties");
    try {
      Files.write(file, Arrays.copyOfRange(input, 1, input.length));
      SettingValues values = Configuration.check(file, Map.of(), Map.of());
      assertThat(values.problems())
          .allSatisfy(
              problem -> {
                assertThat(problem.where()).isNotBlank();
                assertThat(problem.message()).isNotBlank();
              });
    } finally {
      Files.delete(file);
    }
  }
}
