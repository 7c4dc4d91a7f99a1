package dev.keygate.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresUrlTest {
  @ParameterizedTest
  @CsvSource({
    "postgresql://u:p@h:5433/d, h:5433/d, u, p",
    "postgres://u@h/d, h/d, u, ''",
    "postgresql://h/d, h/d, '', ''",
    "postgresql://u:p%40%3A%2F%3F%25+@my_db/d, my_db/d, u, p@:/?%+",
    "postgresql://u:a@b:c@h/d, h/d, u, a@b:c",
    "'postgresql://u:p@h1:1,h2:2/d', 'h1:1,h2:2/d', u, p",
    "postgresql://u:p@[::1]:5432/d, [::1]:5432/d, u, p",
    "postgresql://h/d?user=u&password=p%26q, h/d, u, p&q",
  })
  void placeAndCredentialsAreTakenApart(String text, String place, String user, String password) {
    PostgresUrl url = PostgresUrl.parse(text);
    assertThat(url.jdbc()).startsWith("jdbc:postgresql://" + place + "?");
    assertThat(url.user()).isEqualTo(user);
    assertThat(url.password()).isEqualTo(password);
    assertThat(url).hasToString("postgresql://" + place);
    assertThat(new StoreSettings.Postgresql(text))
        .hasToString("Postgresql[postgresql://" + place + "]");
  }

  @Test
  void libpqsParametersGetTheDriversNames() {
    String jdbc =
        PostgresUrl.parse(
                "postgresql://h/d?connect_timeout=9&sslmode=verify-full&sslrootcert=/a%20b"
                    + "&target_session_attrs=read-write")
            .jdbc();
    assertThat(jdbc.substring(jdbc.indexOf('?') + 1).split("&"))
        .contains(
            "connectTimeout=9",
            "sslmode=verify-full",
            "sslrootcert=%2Fa+b",
            "targetServerType=primary",
            "socketTimeout=30",
            "logServerErrorDetail=false")
        .doesNotContain("connectTimeout=5");
  }

  @Test
  void anUnknownParameterIsRefusedAndNotIgnored() {
    assertThatThrownBy(() -> PostgresUrl.parse("postgresql://h/d?ssl_mode=require"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("sslmode");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "planted",
        "mysql://u:planted@h/d",
        "postgresql://u:planted@h",
        "postgresql://u:planted@h/",
        "postgresql://u:planted@/d",
        "postgresql://u:plan/ted@h/d",
        "postgresql://u:plan%ted@h/d",
        "postgresql://u:planted@h h/d",
        "postgresql://u:planted@h/d?planted",
        "postgresql://u:planted@h/d?=planted",
        "postgresql://h/d?password=plan%zzted",
      })
  void aMalformedUrlIsRefusedWithoutBeingRepeated(String text) {
    assertThatThrownBy(() -> new StoreSettings.Postgresql(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("not a database URL: expected postgresql://")
        .hasMessageNotContaining("plan")
        .hasNoCause();
  }
}
