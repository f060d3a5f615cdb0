package dev.turnout.encoder.djl;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DjlRuntimeTest {
  private static final List<String> PROPERTIES =
      List.of("PYTORCH_LIBRARY_PATH", "jna.library.path", "RUST_FLAVOR");

  private final Map<String, String> before = new TreeMap<>();

  @BeforeEach
  void forget() {
    PROPERTIES.forEach(
        name -> {
          String value = System.clearProperty(name);
          if (value != null) {
            before.put(name, value);
          }
        });
  }

  @AfterEach
  void putBack() {
    PROPERTIES.forEach(System::clearProperty);
    before.forEach(System::setProperty);
  }

  @Test
  void shouldLookForCudaWherePyTorchLies() {
    System.setProperty("PYTORCH_LIBRARY_PATH", "/opt/libtorch");

    DjlRuntime.prepare();

    assertThat(System.getProperty("jna.library.path")).isEqualTo("/opt/libtorch");
  }

  @Test
  void shouldKeepWhatTheOperatorHasSet() {
    System.setProperty("PYTORCH_LIBRARY_PATH", "/opt/libtorch");
    System.setProperty("jna.library.path", "/opt/cuda");
    System.setProperty("RUST_FLAVOR", "cu122");

    DjlRuntime.prepare();

    assertThat(System.getProperty("jna.library.path")).isEqualTo("/opt/cuda");
    assertThat(System.getProperty("RUST_FLAVOR")).isEqualTo("cu122");
  }

  @Test
  void shouldTakeTheTokenizerThatIsThere() {
    DjlRuntime.prepare();

    assertThat(System.getProperty("RUST_FLAVOR")).isEqualTo("cpu");
  }
}
