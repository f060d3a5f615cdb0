package dev.turnout.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BoundedTextTest {

  @ParameterizedTest
  @ValueSource(strings = {"", "plain", "größer", "東京", "😀 and more", "a\u0000b"})
  void shouldCountWhatUtf8Takes(String text) {
    assertThat(BoundedText.bytes(text)).isEqualTo(text.getBytes(StandardCharsets.UTF_8).length);
  }

  @Test
  void shouldNeverCountLessThanALoneSurrogateTakes() {
    assertThat(BoundedText.bytes("\ud83d"))
        .isGreaterThanOrEqualTo("\ud83d".getBytes(StandardCharsets.UTF_8).length);
  }

  @Test
  void shouldLeaveATextThatFits() {
    assertThat(BoundedText.cut("größer", 8)).isEqualTo("größer");
  }

  @Test
  void shouldCutBetweenCharactersAndSayThatItDid() {
    // given four bytes a character
    String text = "😀".repeat(5);

    // when
    String cut = BoundedText.cut(text, 14);

    // then two characters, eight bytes, and the ellipsis' three; a third would make fifteen
    assertThat(cut).isEqualTo("😀😀…");
  }

  @Test
  void shouldKeepToTheLimitAtEveryLength() {
    String text = "aé東😀".repeat(20);
    for (int most = 3; most < 250; most++) {
      assertThat(BoundedText.cut(text, most).getBytes(StandardCharsets.UTF_8).length)
          .isLessThanOrEqualTo(most);
      assertThat(BoundedText.cut(text, most)).doesNotContain("?");
    }
  }

  @Test
  void shouldRefuseALimitWithoutRoomForTheEllipsis() {
    assertThatThrownBy(() -> BoundedText.cut("text", 2)).hasMessageContaining("at least 3");
  }
}
