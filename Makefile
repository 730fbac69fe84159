# Everything a person types. Needs python3 >= 3.11 and make, nothing else.
#   PYTHON=python3.12 make run     another interpreter
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
SHELL  := /bin/sh
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help

# One check, one line; then an environment from the lock file. The stamp carries the lock file's digest and is
# written last, so that an interrupted installation is done again and a finished one costs nothing.
define environment
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "需要 Python 3.11 或更高版本（Python >= 3.11 is needed），现为：$$($(PYTHON) --version 2>&1 | head -n 1)。可用 make PYTHON=… 指定。" >&2; exit 1; }
	@stamp="$(VENV)/installed-$(1)-$$($(PYTHON) -c 'import hashlib,sys; print(hashlib.sha256(open(sys.argv[1],"rb").read()).hexdigest()[:16])' $(1))"; \
	if [ ! -e "$$stamp" ] || [ ! -x "$(BIN)/python" ]; then \
	  echo "正在按 $(1) 建立运行环境 $(VENV)（首次约一分钟）……"; \
	  { [ -x "$(BIN)/python" ] && "$(BIN)/python" -c 'import pip' 2>/dev/null; } || $(PYTHON) -m venv --clear "$(VENV)" || exit 1; \
	  rm -f "$(VENV)"/installed-$(1)-*; \
	  "$(BIN)/python" -m pip install -qq --disable-pip-version-check --require-hashes -r $(1) || { \
	    echo "安装依赖包失败，请检查网络后重试。" >&2; exit 1; }; \
	  touch "$$stamp"; \
	fi
endef

URL ?= http://127.0.0.1:8000
REGISTRY_DEMO_PASSWORD ?= Demo-2016-500

.PHONY: screenshots help run test journeys bench lint format types lock clean-env environment environment-dev

help: ## 列出命令
	@sed -n 's/^\([a-z-]*\):.*## /\1|/p' $(MAKEFILE_LIST) | while IFS='|' read -r name text; do printf '  make %-10s %s\n' "$$name" "$$text"; done

environment:
	$(call environment,requirements.txt)

environment-dev:
	$(call environment,requirements-dev.txt)

run: environment ## 启动系统（PORT、HOST、REGISTRY_HOME、DEMO、REGISTRY_DEMO_PASSWORD）
	@exec "$(BIN)/python" manage.py up

test: environment-dev ## 全部自动测试；设置 DATABASE_URL、REDIS_URL 时在 PostgreSQL 和 Redis 上运行
	@"$(BIN)/python" -m pytest $(PYTEST_ARGS)

journeys: environment-dev ## 浏览器流程测试（需要 chromium）
	@"$(BIN)/python" -m pytest -m journey --dist worksteal tests/journeys $(PYTEST_ARGS)

bench: environment-dev ## 性能基准（BENCH_SIZE）
	@"$(BIN)/python" -m benchmarks $(BENCH_ARGS)

lint: environment-dev ## 代码风格、类型、分层契约
	@"$(BIN)/ruff" check .
	@"$(BIN)/ruff" format --check .
	@"$(BIN)/mypy"
	@"$(BIN)/lint-imports" --no-cache

screenshots: environment-dev ## README 的截图（先 make run，URL 为其地址；需要 chromium）
	@"$(BIN)/python" docs/screenshots.py "$(URL)" "$(REGISTRY_DEMO_PASSWORD)"

format: environment-dev ## 统一代码格式
	@"$(BIN)/ruff" check --fix .
	@"$(BIN)/ruff" format .

lock: environment-dev ## 重新生成锁定的依赖清单（需要 uv）
	@.ci/lock
