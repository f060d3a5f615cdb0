package dev.turnout.llm.failure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InternalAddressesTest {

  private final InternalAddresses addresses = new InternalAddresses("vllm-small");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "cannot reach http://10.1.2.3:8000/v1/x?key=s, sorry | cannot reach [address removed]"
            + " sorry",
        "at https://user:pw@api.example.com/x | at [address removed]",
        "upstream 192.168.0.7:8000 timed out | upstream [address removed] timed out",
        "upstream 192.168.0.7 timed out | upstream [address removed] timed out",
        "dial tcp [fd00::1]:443: refused | dial tcp [address removed]: refused",
        "gpu-3.internal:8000 is gone | [address removed] is gone",
        "localhost:8000 is gone | [address removed] is gone",
        "http://models.svc.cluster.local/x is gone | [address removed] is gone",
        "http://vllm-small/v1 and vllm-small are gone | [address removed] and [address removed] are"
            + " gone",
        "see https://platform.openai.com/docs/errors | see https://platform.openai.com/docs/errors",
        "version 1.2.3, ratio 16:9, at 12:30:15 | version 1.2.3, ratio 16:9, at 12:30:15",
        "model foo:latest has 4096 tokens | model foo:latest has 4096 tokens",
        "line:12345 of llama3.1:70 | line:12345 of [address removed]",
      })
  void shouldTakeOutWhatLiesInside(String said, String read) {
    assertThat(addresses.removedFrom(said)).isEqualTo(read);
  }

  @ParameterizedTest
  @CsvSource({"a.", "0.", "http://", "[:", "1:", "a-"})
  void shouldNotTakeLongOnAnyText(String part) {
    String long1 = part.repeat(100_000);

    assertThat(addresses.removedFrom(long1)).isNotNull();
  }
}
